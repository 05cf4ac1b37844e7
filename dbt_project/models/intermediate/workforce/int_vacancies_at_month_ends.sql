with delivered as (
    select * from {{ ref('stg_ext_workforce_vacancies') }}
),

month_ends as (
    select * from {{ ref('int_month_ends') }}
),

of_month_ends as (
    select
        month_ends.month_end,
        delivered.team_id,
        delivered.vacancy_fte,
        case when {{ is_whole('delivered.team_id') }} then 1 else 0 end as is_whole_service
    from delivered
    inner join month_ends on delivered.snapshot_date = month_ends.month_end
),

ranked as (
    select
        month_end,
        team_id,
        vacancy_fte,
        is_whole_service,
        max(is_whole_service) over (partition by month_end) as has_whole_service
    from of_month_ends
)

-- the row of the whole service is never added to those of its teams
select
    month_end,
    team_id,
    vacancy_fte
from ranked
where is_whole_service = has_whole_service
