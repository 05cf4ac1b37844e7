with events as (
    select * from {{ ref('int_indicator_events') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
    where time_basis = 'period_distinct_count'
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

period_months as (
    select * from {{ ref('int_period_months') }}
),

subject_months as (
    select distinct
        events.indicator_id,
        events.breakdown,
        events.breakdown_value,
        events.subject_id,
        calendar.month_start
    from events
    inner join indicators on events.indicator_id = indicators.indicator_id
    inner join calendar on events.indicator_date = calendar.calendar_date
),

returning_subjects as (
    select
        indicator_id,
        breakdown,
        breakdown_value,
        month_start,
        lag(month_start) over (
            partition by indicator_id, breakdown, breakdown_value, subject_id
            order by month_start
        ) as month_before
    from subject_months
),

subjects_by_month as (
    select
        indicator_id,
        breakdown,
        breakdown_value,
        month_start,
        month_before,
        count(*) as subjects
    from returning_subjects
    group by indicator_id, breakdown, breakdown_value, month_start, month_before
)

-- a subject is counted in the first of the period's months that it is seen in
select
    subjects_by_month.indicator_id,
    period_months.period_id,
    subjects_by_month.breakdown,
    subjects_by_month.breakdown_value,
    sum(subjects_by_month.subjects) as subjects
from subjects_by_month
inner join period_months on subjects_by_month.month_start = period_months.month_start
where
    subjects_by_month.month_before is null
    or subjects_by_month.month_before < period_months.period_start
group by
    subjects_by_month.indicator_id,
    period_months.period_id,
    subjects_by_month.breakdown,
    subjects_by_month.breakdown_value
