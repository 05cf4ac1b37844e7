select
    inputs,
    seen_at
from {{ source('ledger', 'inputs') }}
