with needs as (
    select * from {{ source('reference', 'indicator_needs') }}
)

select
    indicator_id,
    need_no,
    choice,
    extract_name
from needs
