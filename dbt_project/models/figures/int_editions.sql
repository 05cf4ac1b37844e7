with figures as (
    select * from {{ ref('int_figures') }}
),

authorities as (
    select * from {{ ref('stg_authorities') }}
),

requested as (
    select * from {{ ref('stg_editions') }}
),

meetings as (
    select * from {{ ref('stg_meetings') }}
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
),

asked_for as (
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
)

-- a meeting may be planned for a month that has no figures yet: it is never the newest
select
    asked_for.geography_code,
    asked_for.as_at,
    coalesce(asked_for.as_at = newest.as_at, false) as is_newest
from asked_for
left join newest on asked_for.geography_code = newest.geography_code
