with vacancies as (
    select * from {{ ref('int_vacancies_at_month_ends') }}
),

in_post as (
    select * from {{ ref('int_posts_at_month_ends') }}
    where agency_flag = 'N'
)

-- nothing is carried forward: a month end for which no vacancies were sent has no figure
select
    month_end as indicator_date,
    team_id as subject_id,
    vacancy_fte as numerator,
    vacancy_fte as denominator
from vacancies
union all
select
    month_end as indicator_date,
    post_id as subject_id,
    cast(0 as decimal(18, 6)) as numerator,
    fte as denominator
from in_post
where month_end in (select vacancies.month_end from vacancies)
