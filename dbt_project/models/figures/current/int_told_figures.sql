with ledger as (
    select * from {{ ref('stg_figures_ledger') }}
),

current_figures as (
    select
        figure_id,
        indicator_id,
        geography_code,
        period_type,
        period_start,
        period_end,
        breakdown,
        breakdown_value,
        origin,
        is_provisional,
        definition,
        received_at,
        cast(numerator as decimal(18, 6)) as numerator,
        cast(denominator as decimal(18, 6)) as denominator,
        cast(value as decimal(18, 6)) as value
    from {{ ref('int_current_figures') }}
),

inputs as (
    select max(seen_at) as seen_at
    from {{ ref('stg_build_inputs') }}
),

-- what this build gives is recorded after it; a build that is repeated finds it recorded
unrecorded as (
    select current_figures.*
    from current_figures
    inner join ledger
        on
            current_figures.figure_id = ledger.figure_id
            and ledger.is_newest
            and not ledger.kept
    where
        current_figures.numerator is distinct from ledger.numerator
        or current_figures.denominator is distinct from ledger.denominator
        or current_figures.value is distinct from ledger.value
        or current_figures.definition <> ledger.definition
)

select
    figure_id,
    indicator_id,
    geography_code,
    period_type,
    period_start,
    period_end,
    breakdown,
    breakdown_value,
    origin,
    is_provisional,
    definition,
    numerator,
    denominator,
    value,
    recorded_at,
    given_at,
    record_no
from ledger
union all
select
    unrecorded.figure_id,
    unrecorded.indicator_id,
    unrecorded.geography_code,
    unrecorded.period_type,
    unrecorded.period_start,
    unrecorded.period_end,
    unrecorded.breakdown,
    unrecorded.breakdown_value,
    unrecorded.origin,
    unrecorded.is_provisional,
    unrecorded.definition,
    unrecorded.numerator,
    unrecorded.denominator,
    unrecorded.value,
    unrecorded.received_at as recorded_at,
    coalesce(inputs.seen_at, unrecorded.received_at) as given_at,
    9223372036854775807 as record_no
from unrecorded
cross join inputs
