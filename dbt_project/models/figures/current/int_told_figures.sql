with ledger as (
    select * from {{ ref('stg_figures_ledger') }}
),

current_figures as (
    select
        {{ columns_of_its_place('given') }},
        given.origin,
        given.is_provisional,
        given.definition,
        given.received_at,
        cast(given.numerator as decimal(18, 6)) as numerator,
        cast(given.denominator as decimal(18, 6)) as denominator,
        cast(given.value as decimal(18, 6)) as value
    from {{ ref('int_current_figures') }} as given
),

inputs as (
    select max(seen_at) as seen_at
    from {{ ref('stg_build_inputs') }}
),

-- what this build gives is recorded after it; a build that is repeated finds it recorded
unrecorded as (
    select
        current_figures.*,
        current_figures.received_at as recorded_at,
        coalesce(inputs.seen_at, current_figures.received_at) as given_at,
        9223372036854775807 as record_no
    from current_figures
    inner join ledger
        on
            current_figures.figure_id = ledger.figure_id
            and ledger.is_newest
            and not ledger.kept
    cross join inputs
    where
        current_figures.numerator is distinct from ledger.numerator
        or current_figures.denominator is distinct from ledger.denominator
        or current_figures.value is distinct from ledger.value
        or current_figures.definition <> ledger.definition
)

select
    {{ columns_of_its_place('ledger') }},
    {{ columns_of_its_numbers('ledger') }},
    ledger.origin,
    ledger.is_provisional,
    ledger.definition,
    ledger.recorded_at,
    ledger.given_at,
    ledger.record_no
from ledger
union all
select
    {{ columns_of_its_place('unrecorded') }},
    {{ columns_of_its_numbers('unrecorded') }},
    unrecorded.origin,
    unrecorded.is_provisional,
    unrecorded.definition,
    unrecorded.recorded_at,
    unrecorded.given_at,
    unrecorded.record_no
from unrecorded
