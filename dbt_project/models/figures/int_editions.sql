with figures as (
    select * from {{ ref('int_figures') }}
),

authorities as (
    select * from {{ ref('authorities') }}
),

requested as (
    select * from {{ ref('stg_editions') }}
),

meetings as (
    select * from {{ ref('meetings') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

newest as (
    select
        figures.geography_code,
        max(calendar.month_end) as as_at
    from figures
    inner join authorities on figures.geography_code = authorities.geography_code
    inner join calendar on figures.period_end = calendar.calendar_date
    group by figures.geography_code
)

select
    geography_code,
    as_at
from newest
union distinct
select
    geography_code,
    as_at
from requested
where as_at is not null
union distinct
select
    geography_code,
    figures_as_at as as_at
from meetings
where figures_as_at is not null
