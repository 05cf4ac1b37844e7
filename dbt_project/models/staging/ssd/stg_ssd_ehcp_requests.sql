-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_ehcp_requests') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_ehcp_requests' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ssd_ehcp_requests'
)

select
    delivered.ehcr_ehcp_request_id,
    delivered.ehcr_send_table_id,
    delivered.ehcr_ehcp_req_date,
    coalesce(
        of_ehcr_ehcp_req_outcome.standard_value,
        case
            when delivered.ehcr_ehcp_req_outcome in (
                'Y', 'N', 'A', 'W', 'H'
            ) then delivered.ehcr_ehcp_req_outcome
            else 'unmapped'
        end
    ) as ehcr_ehcp_req_outcome,
    delivered.ehcr_ehcp_req_outcome_date,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_ehcr_ehcp_req_outcome
    on
        lower(delivered.ehcr_ehcp_req_outcome) = of_ehcr_ehcp_req_outcome.source_value
        and of_ehcr_ehcp_req_outcome.column_name = 'ehcr_ehcp_req_outcome'
