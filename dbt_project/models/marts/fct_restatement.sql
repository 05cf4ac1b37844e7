with told as (
    select * from {{ ref('int_told_figures') }}
),

indicators as (
    select
        indicators.indicator_id,
        indicators.decimals,
        definitions.is_set_against_reference
    from {{ ref('stg_indicators') }} as indicators
    inner join {{ ref('int_definitions') }} as definitions
        on indicators.indicator_id = definitions.indicator_id
),

newest_delivery as (
    select max(received_at) as received_at
    from {{ ref('int_current_figures') }}
),

with_earlier as (
    select
        *,
        row_number() over in_order as told_no,
        lag(origin) over in_order as earlier_origin,
        lag(is_provisional) over in_order as earlier_is_provisional,
        lag(definition) over in_order as earlier_definition,
        lag(numerator) over in_order as earlier_numerator,
        lag(denominator) over in_order as earlier_denominator,
        lag(value) over in_order as earlier_value,
        lag(recorded_at) over in_order as earlier_recorded_at
    from told
    window in_order as (partition by figure_id order by record_no)
),

restated as (
    select
        *,
        row_number() over (partition by figure_id order by record_no) as restatement_no,
        -- a fingerprint has three parts: how it was taken, the logic, the bank holidays; one taken in
        -- another way says nothing of a change
        split_part(definition, ':', 1) = split_part(earlier_definition, ':', 1) as is_comparable,
        split_part(definition, ':', 2) <> split_part(earlier_definition, ':', 2) as is_other_logic,
        split_part(definition, ':', 3) <> split_part(earlier_definition, ':', 3) as is_other_calendar,
        -- without a new delivery the rows are those of before: what counts them is another version
        split_part(definition, ':', 1) <> split_part(earlier_definition, ':', 1)
        and recorded_at = earlier_recorded_at
        and origin = 'rows'
        and earlier_origin = 'rows' as is_upgrade,
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
    restated.restatement_no,
    cast(restated.earlier_numerator as decimal(18, 6)) as published_numerator,
    cast(restated.earlier_denominator as decimal(18, 6)) as published_denominator,
    cast(restated.earlier_value as decimal(18, 6)) as published_value,
    restated.earlier_is_provisional as was_provisional,
    restated.earlier_recorded_at as published_at,
    cast(restated.numerator as decimal(18, 6)) as numerator,
    cast(restated.denominator as decimal(18, 6)) as denominator,
    cast(restated.value as decimal(18, 6)) as value,
    cast(
        {{ printed('restated.value', 'indicators.decimals') }}
        - {{ printed('restated.earlier_value', 'indicators.decimals') }} as decimal(18, 6)
    ) as difference,
    case
        when restated.is_comparable and restated.is_other_logic then 'definition_change'
        when
            restated.is_upgrade
            and not (
                indicators.is_set_against_reference
                and restated.more_counted = 0
                and restated.earlier_value is not null
            )
            then 'definition_change'
        when restated.origin <> restated.earlier_origin or restated.earlier_value is null then 'newly_covered'
        when restated.is_comparable and restated.is_other_calendar then 'reference_change'
        when indicators.is_set_against_reference and restated.more_counted = 0 then 'reference_change'
        when
            restated.origin = 'rows'
            and restated.more_counted >= 0
            -- a population is no number of cases: one that shrank takes no record back
            and case
                when indicators.is_set_against_reference then restated.more_counted > 0
                else restated.more_cases >= 0 and restated.more_counted + restated.more_cases > 0
            end then 'late_recording'
        else 'correction'
    end as cause,
    restated.given_at as restated_at,
    restated.recorded_at = newest_delivery.received_at as is_newest
from restated
inner join indicators on restated.indicator_id = indicators.indicator_id
cross join newest_delivery
