with newest as (
    select * from {{ ref('int_newest_figures') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

-- the figure a row is about: the newest closed period, whatever its length; of those that end
-- together the shortest that has a figure. Annual indicators know years only
headline_ranked as (
    select
        newest.*,
        row_number() over (
            partition by newest.geography_code, newest.as_at, newest.indicator_id
            order by
                newest.period_end desc,
                case newest.kind when 'month' then 1 when 'quarter' then 2 when 'year' then 3 else 4 end
        ) as choice
    from newest
    inner join indicators on newest.indicator_id = indicators.indicator_id
    where indicators.frequency = 'monthly' or newest.kind = 'year'
)

-- age in months decides whether a figure still speaks for the as-at month
select
    *,
    12 * (extract(year from as_at) - extract(year from period_end))
    + extract(month from as_at) - extract(month from period_end) as months_old,
    -- a year's figure speaks until the next year's comes
    period_type like '%_year' as is_of_a_year
from headline_ranked
where choice = 1
