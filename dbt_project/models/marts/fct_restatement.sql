{% set key = [
    'indicator_id', 'geography_code', 'period_type', 'period_start', 'period_end', 'breakdown',
    'breakdown_value'
] %}

with ledger as (
    select * from {{ ref('stg_figures_ledger') }}
),

current_figures as (
    select
        {{ key | join(',\n        ') }},
        origin,
        is_provisional,
        definition,
        received_at,
        cast(numerator as decimal(18, 6)) as numerator,
        cast(denominator as decimal(18, 6)) as denominator,
        cast(value as decimal(18, 6)) as value
    from {{ ref('int_current_figures') }}
),

newest_delivery as (
    select max(received_at) as received_at
    from current_figures
),

-- what this build gives is recorded after it; a build that is repeated finds it recorded
unrecorded as (
    select current_figures.*
    from current_figures
    inner join ledger
        on
            {% for column in key %}
            current_figures.{{ column }} = ledger.{{ column }}
            and {% endfor %}ledger.is_newest
            and not ledger.kept
    where
        current_figures.numerator is distinct from ledger.numerator
        or current_figures.denominator is distinct from ledger.denominator
        or current_figures.value is distinct from ledger.value
        or current_figures.definition <> ledger.definition
),

told as (
    select
        {{ key | join(',\n        ') }},
        origin,
        is_provisional,
        definition,
        numerator,
        denominator,
        value,
        recorded_at,
        record_no
    from ledger
    union all
    select
        {{ key | join(',\n        ') }},
        unrecorded.origin,
        unrecorded.is_provisional,
        unrecorded.definition,
        unrecorded.numerator,
        unrecorded.denominator,
        unrecorded.value,
        unrecorded.received_at as recorded_at,
        9223372036854775807 as record_no
    from unrecorded
),

with_earlier as (
    select
        *,
        row_number() over (partition by {{ key | join(', ') }} order by record_no) as told_no,
        lag(origin) over (partition by {{ key | join(', ') }} order by record_no) as earlier_origin,
        lag(is_provisional) over (
            partition by {{ key | join(', ') }} order by record_no
        ) as earlier_is_provisional,
        lag(definition) over (partition by {{ key | join(', ') }} order by record_no) as earlier_definition,
        lag(numerator) over (partition by {{ key | join(', ') }} order by record_no) as earlier_numerator,
        lag(denominator) over (partition by {{ key | join(', ') }} order by record_no) as earlier_denominator,
        lag(value) over (partition by {{ key | join(', ') }} order by record_no) as earlier_value,
        lag(recorded_at) over (partition by {{ key | join(', ') }} order by record_no) as earlier_recorded_at
    from told
),

restated as (
    select
        *,
        coalesce(numerator, 0) - coalesce(earlier_numerator, 0) as more_counted,
        coalesce(denominator, 0) - coalesce(earlier_denominator, 0) as more_cases
    from with_earlier
    where
        told_no > 1
        and (
            numerator is distinct from earlier_numerator
            or denominator is distinct from earlier_denominator
            or value is distinct from earlier_value
        )
)

select
    restated.indicator_id,
    restated.geography_code,
    restated.period_type,
    restated.period_start,
    restated.period_end,
    restated.breakdown,
    restated.breakdown_value,
    restated.told_no - 1 as restatement_no,
    cast(restated.earlier_numerator as decimal(18, 6)) as published_numerator,
    cast(restated.earlier_denominator as decimal(18, 6)) as published_denominator,
    cast(restated.earlier_value as decimal(18, 6)) as published_value,
    restated.earlier_is_provisional as was_provisional,
    restated.earlier_recorded_at as published_at,
    cast(restated.numerator as decimal(18, 6)) as numerator,
    cast(restated.denominator as decimal(18, 6)) as denominator,
    cast(restated.value as decimal(18, 6)) as value,
    cast(restated.value - restated.earlier_value as decimal(18, 6)) as difference,
    case
        when restated.definition <> restated.earlier_definition then 'definition_change'
        when restated.origin <> restated.earlier_origin or restated.earlier_value is null then 'newly_covered'
        when
            restated.origin = 'rows'
            and restated.more_counted >= 0
            and restated.more_cases >= 0
            and restated.more_counted + restated.more_cases > 0 then 'late_recording'
        else 'correction'
    end as cause,
    restated.recorded_at as restated_at,
    restated.recorded_at = newest_delivery.received_at as is_newest
from restated
cross join newest_delivery
