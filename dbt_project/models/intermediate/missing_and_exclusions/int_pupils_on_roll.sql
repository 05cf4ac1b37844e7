with headcounts as (
    select * from {{ ref('stg_ref_pupil_headcount') }}
),

council as (
    select * from {{ ref('int_council') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

-- 1 September, which is month 9, and the year's name as 2024/25
academic_years as (
    select
        calendar_date as first_day,
        cast(academic_year as varchar(4)) || '/' || substring(cast(academic_year + 1 as varchar(4)), 3, 2)
            as academic_year
    from calendar
    where month_index % 12 = 9 and day_of_month = 1
),

own_headcounts as (
    select
        headcounts.academic_year,
        headcounts.headcount,
        case when {{ is_whole('headcounts.phase') }} then headcounts.headcount end as of_all_phases
    from headcounts
    inner join council on headcounts.la_code = council.la_code
)

-- the total as it was counted, never added to its parts
select
    academic_years.first_day,
    own_headcounts.academic_year,
    cast(coalesce(max(own_headcounts.of_all_phases), sum(own_headcounts.headcount)) as bigint) as pupils
from own_headcounts
inner join academic_years on own_headcounts.academic_year = academic_years.academic_year
group by academic_years.first_day, own_headcounts.academic_year
