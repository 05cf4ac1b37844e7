-- figures that moved further than their indicator's bound since a build was last published: against
-- what was published for the same period, and of a new period against the one just before it
with current_figures as (
    select * from {{ ref('int_current_figures') }}
    where
        breakdown = 'total'
        and not is_provisional
        and value is not null
        and period_type in ('month', 'quarter', 'financial_year', 'academic_year')
),

published as (
    select * from {{ ref('stg_figures_ledger') }}
    where is_newest and breakdown = 'total' and not is_provisional and not kept and value is not null
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

new_periods as (
    select
        current_figures.*,
        starts.day_number as start_number
    from current_figures
    inner join calendar as starts on current_figures.period_start = starts.calendar_date
    left join {{ ref('stg_figures_ledger') }} as recorded
        on current_figures.figure_id = recorded.figure_id and recorded.is_newest
    where recorded.figure_id is null
),

compared as (
    select
        {{ columns_of_its_place('current_figures') }},
        'same_period' as held_against,
        {{ columns_of_its_numbers('current_figures') }},
        published.numerator as earlier_numerator,
        published.denominator as earlier_denominator,
        published.value as earlier_value
    from current_figures
    inner join published on current_figures.figure_id = published.figure_id
    where current_figures.value <> published.value
    union all
    select
        {{ columns_of_its_place('new_periods') }},
        'period_before' as held_against,
        {{ columns_of_its_numbers('new_periods') }},
        published.numerator as earlier_numerator,
        published.denominator as earlier_denominator,
        published.value as earlier_value
    from new_periods
    inner join published
        on
            new_periods.indicator_id = published.indicator_id
            and new_periods.geography_code = published.geography_code
            and new_periods.period_type = published.period_type
    inner join calendar as ends
        on
            published.period_end = ends.calendar_date
            and new_periods.start_number - 1 = ends.day_number
),

-- what was published is held to half the bound: one and the same period has no seasons
bounded as (
    select
        compared.*,
        indicators.unit,
        indicators.time_basis,
        case
            when compared.held_against = 'period_before' then indicators.may_move
            when indicators.unit = 'percent' then indicators.may_move / 2
            else (indicators.may_move + 1) / 2
        end as bound,
        cast(
            case
                when indicators.unit = 'count' then 1
                else (compared.denominator + compared.earlier_denominator) / 2
            end as {{ double() }}
        ) as counts_of_one,
        compared.numerator + compared.earlier_numerator as both_numerators,
        compared.denominator + compared.earlier_denominator as both_denominators
    from compared
    inner join indicators on compared.indicator_id = indicators.indicator_id
),

-- beyond the bound, and by more than small numbers do of themselves
judged as (
    select
        *,
        case
            when unit = 'percent' then abs(value - earlier_value) > bound
            else greatest(value, earlier_value) > bound * least(value, earlier_value)
        end as is_beyond,
        case
            -- six standard deviations of a difference of counts; a rate as the count that it comes from
            when unit in ('count', 'rate_per_10k', 'cases')
                then
                    coalesce(
                        counts_of_one * (value - earlier_value) * (value - earlier_value)
                        > 36 * (value + earlier_value),
                        true
                    )
            -- five standard errors of a difference of shares; neither share taken to be 0 or 1
            when unit = 'percent' and denominator > 0 and earlier_denominator > 0
                then
                    (value - earlier_value) * (value - earlier_value)
                    > 250000.0
                    * ((both_numerators + 1) / (both_denominators + 2))
                    * ((both_denominators - both_numerators + 1) / (both_denominators + 2))
                    * (1 / denominator + 1 / earlier_denominator)
            when time_basis in ('period_mean', 'period_median')
                then coalesce(denominator >= 30 and earlier_denominator >= 30, true)
            else true
        end as is_beyond_chance
    from bounded
)

select
    figure_id,
    indicator_id,
    geography_code,
    period_type,
    period_start,
    period_end,
    held_against,
    earlier_value,
    value
from judged
where is_beyond and is_beyond_chance
