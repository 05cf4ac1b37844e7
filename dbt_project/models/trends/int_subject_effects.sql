-- how much more the cases vary because some are about the same person: the variance between persons
-- over that of cases that know nothing of each other, at least 1 (the design effect of Rao and Scott
-- 1992), where a person's cases of a month, a quarter or a year are taken together. Of three financial
-- years, so that a few persons do not decide it.
{% set blocks = {'month': 'month_index', 'quarter': 'quarter_index', 'year': 'financial_year'} %}

with events as (
    select * from {{ ref('int_indicator_events') }}
    where breakdown = 'total' and subject_id is not null
),

indicators as (
    select * from {{ ref('stg_indicators') }}
    where adds_up
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

by_month as (
    select
        events.indicator_id,
        events.subject_id,
        calendar.financial_year,
        calendar.month_index,
        cast(floor((calendar.month_index - 4) / 3.0) as integer) as quarter_index,
        min(indicators.unit) as unit,
        cast(sum(events.numerator) as {{ double() }}) as counted,
        cast(sum(case when indicators.unit = 'count' then 0 else events.denominator end) as {{ double() }})
            as cases,
        sum(
            cast(events.numerator as {{ double() }}) * cast(events.numerator as {{ double() }})
        ) as squares
    from events
    inner join indicators on events.indicator_id = indicators.indicator_id
    inner join calendar on events.indicator_date = calendar.calendar_date
    group by events.indicator_id, events.subject_id, calendar.financial_year, calendar.month_index
),

years as (
    select
        indicator_id,
        financial_year,
        case when min(unit) = 'count' then 0 else sum(counted) / nullif(sum(cases), 0) end as mean,
        case
            when min(unit) = 'count' then sum(counted)
            when min(unit) = 'percent' then sum(counted) * (1 - sum(counted) / nullif(sum(cases), 0))
            else sum(squares) - sum(counted) * sum(counted) / nullif(sum(cases), 0)
        end as variance_of_cases
    from by_month
    group by indicator_id, financial_year
),

{% for block, column in blocks.items() %}
by_{{ block }}_and_person as (
    select
        indicator_id,
        financial_year,
        sum(counted) as counted,
        sum(cases) as cases
    from by_month
    group by indicator_id, financial_year, subject_id, {{ column }}
),

of_{{ block }} as (
    select
        persons.indicator_id,
        persons.financial_year,
        sum(
            (persons.counted - years.mean * persons.cases) * (persons.counted - years.mean * persons.cases)
        ) as variance_of_persons
    from by_{{ block }}_and_person as persons
    inner join years
        on persons.indicator_id = years.indicator_id and persons.financial_year = years.financial_year
    group by persons.indicator_id, persons.financial_year
),

{% endfor %}
pooled as (
    select
        years.indicator_id,
        years.financial_year,
        {% for block in blocks %}
        sum(of_{{ block }}.variance_of_persons) over three_years as {{ block }}_variance,
        {% endfor %}
        sum(years.variance_of_cases) over three_years as variance_of_cases
    from years
    {% for block in blocks %}
    inner join of_{{ block }}
        on
            years.indicator_id = of_{{ block }}.indicator_id
            and years.financial_year = of_{{ block }}.financial_year
    {% endfor %}
    window
        three_years as (
            partition by years.indicator_id
            order by years.financial_year range between 2 preceding and current row
        )
)

select
    {% for block in blocks %}
    case
        when pooled.variance_of_cases > 0
            then greatest(1, pooled.{{ block }}_variance / pooled.variance_of_cases)
        else 1
    end as {{ block }}_effect,
    {% endfor %}
    pooled.indicator_id,
    council.geography_code,
    pooled.financial_year
from pooled
cross join {{ ref('int_council') }} as council
