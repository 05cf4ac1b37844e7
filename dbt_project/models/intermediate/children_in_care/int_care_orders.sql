-- interim (C1) and full (C2) care orders: what regulation 28 asks while a child lives with parents
with legal_statuses as (
    select * from {{ ref('stg_ssd_legal_status') }}
    where lega_person_id is not null and lega_legal_status in ('C1', 'C2')
),

persons as (
    select * from {{ ref('int_persons') }}
)

-- two numbers for the same days of a child are one order, known by the smaller number
select
    min(legal_statuses.lega_legal_status_id) as order_id,
    legal_statuses.lega_person_id as person_id,
    legal_statuses.lega_legal_status as legal_status,
    legal_statuses.lega_legal_status_start_date as started_on,
    {{ open_until(['legal_statuses.lega_legal_status_end_date', 'persons.lives_until']) }} as open_until
from legal_statuses
left join persons on legal_statuses.lega_person_id = persons.person_id
group by
    legal_statuses.lega_person_id,
    legal_statuses.lega_legal_status,
    legal_statuses.lega_legal_status_start_date,
    legal_statuses.lega_legal_status_end_date,
    persons.lives_until
