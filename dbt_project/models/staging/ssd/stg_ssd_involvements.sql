-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_involvements') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_involvements' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ssd_involvements'
)

select
    delivered.invo_involvements_id,
    delivered.invo_person_id,
    delivered.invo_professional_id,
    coalesce(
        of_invo_professional_role_id.standard_value,
        case
            when delivered.invo_professional_role_id in (
                'allocated_social_worker', 'other'
            ) then delivered.invo_professional_role_id
            when delivered.invo_professional_role_id is not null then 'unmapped'
        end
    ) as invo_professional_role_id,
    delivered.invo_professional_team,
    delivered.invo_involvement_start_date,
    delivered.invo_involvement_end_date,
    coalesce(
        of_invo_worker_change_reason.standard_value,
        case
            when delivered.invo_worker_change_reason in (
                'MANAGE', 'FCONTA', 'LEFTRL', 'ORGRST', 'TSPROC', 'ABSENC', 'CHCHAN',
                'PCCHAN', 'SWDIED', 'OTHERS'
            ) then delivered.invo_worker_change_reason
            when delivered.invo_worker_change_reason is not null then 'unmapped'
        end
    ) as invo_worker_change_reason,
    delivered.invo_referral_id,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_invo_professional_role_id
    on
        lower(delivered.invo_professional_role_id) = of_invo_professional_role_id.source_value
        and of_invo_professional_role_id.column_name = 'invo_professional_role_id'
left join codes as of_invo_worker_change_reason
    on
        lower(delivered.invo_worker_change_reason) = of_invo_worker_change_reason.source_value
        and of_invo_worker_change_reason.column_name = 'invo_worker_change_reason'
