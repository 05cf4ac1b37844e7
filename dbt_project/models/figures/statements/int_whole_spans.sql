with figures as (
    select * from {{ ref('int_figures') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

spans as (
    select
        geography_code,
        min(period_start) as first_start,
        max(period_end) as last_end
    from figures
    group by geography_code
),

newest as (
    select max(last_end) as newest_end
    from spans
)

-- whole financial years, so that a year cut off at either end shows as incomplete
select
    spans.geography_code,
    coalesce(first_years.period_start, spans.first_start) as first_start,
    case
        when last_years.period_end < newest.newest_end then last_years.period_end
        else newest.newest_end
    end as last_end
from spans
cross join newest
left join periods as first_years
    on
        spans.first_start >= first_years.period_start
        and spans.first_start <= first_years.period_end
        and first_years.period_type = 'financial_year'
left join periods as last_years
    on
        spans.last_end >= last_years.period_start
        and spans.last_end <= last_years.period_end
        and last_years.period_type = 'financial_year'
