-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ext_workforce_vacancies') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ext_workforce_vacancies' and is_newest
)

select
    delivered.snapshot_date,
    delivered.team_id,
    delivered.established_fte,
    delivered.vacancy_fte,
    delivered.vacancy_covered_by_agency_fte,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
