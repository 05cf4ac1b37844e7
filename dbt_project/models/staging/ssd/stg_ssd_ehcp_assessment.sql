-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_ehcp_assessment') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_ehcp_assessment' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ssd_ehcp_assessment'
)

select
    delivered.ehca_ehcp_assessment_id,
    delivered.ehca_ehcp_request_id,
    coalesce(
        of_ehca_ehcp_assessment_outcome.standard_value,
        case
            when delivered.ehca_ehcp_assessment_outcome in (
                'Y', 'N', 'A', 'W', 'H'
            ) then delivered.ehca_ehcp_assessment_outcome
            else 'unmapped'
        end
    ) as ehca_ehcp_assessment_outcome,
    delivered.ehca_ehcp_assessment_outcome_date,
    coalesce(
        of_ehca_ehcp_assessment_exceptions.standard_value,
        case
            when delivered.ehca_ehcp_assessment_exceptions in (
                '1', '0'
            ) then delivered.ehca_ehcp_assessment_exceptions
            when delivered.ehca_ehcp_assessment_exceptions is not null then 'unmapped'
        end
    ) as ehca_ehcp_assessment_exceptions,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_ehca_ehcp_assessment_outcome
    on
        lower(delivered.ehca_ehcp_assessment_outcome) = of_ehca_ehcp_assessment_outcome.source_value
        and of_ehca_ehcp_assessment_outcome.column_name = 'ehca_ehcp_assessment_outcome'
left join codes as of_ehca_ehcp_assessment_exceptions
    on
        lower(delivered.ehca_ehcp_assessment_exceptions) = of_ehca_ehcp_assessment_exceptions.source_value
        and of_ehca_ehcp_assessment_exceptions.column_name = 'ehca_ehcp_assessment_exceptions'
