-- Made from orchestration/contract/extracts.yml by
-- `python -m orchestration.commands.what_to_send`: do not edit.
with delivered as (
    select * from {{ source('deliveries', 'ssd_cla_placement') }}
),

in_use as (
    select
        delivery_month,
        as_at
    from {{ source('deliveries', 'accepted_deliveries') }}
    where extract_name = 'ssd_cla_placement' and is_newest
),

codes as (
    select * from {{ source('deliveries', 'standard_codes') }}
    where extract_name = 'ssd_cla_placement'
)

select
    delivered.clap_cla_placement_id,
    delivered.clap_cla_id,
    delivered.clap_person_id,
    delivered.clap_cla_placement_start_date,
    delivered.clap_cla_placement_end_date,
    coalesce(
        of_clap_cla_placement_type.standard_value,
        case
            when delivered.clap_cla_placement_type in (
                'U1', 'U2', 'U3', 'U4', 'U5', 'U6', 'K1', 'K2', 'K3', 'P1', 'P2', 'P3',
                'R1', 'R2', 'R3', 'R5', 'S1', 'A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'F1',
                'F2', 'F3', 'F4', 'F5', 'F6', 'H1', 'H2', 'H3', 'H4', 'H5', 'H5a', 'M2',
                'M3', 'Q1', 'Q2', 'T0', 'T1', 'T2', 'T3', 'T4', 'Z1', 'Z11', 'Z12',
                'Z13', 'Z14'
            ) then delivered.clap_cla_placement_type
            else 'unmapped'
        end
    ) as clap_cla_placement_type,
    coalesce(
        of_clap_cla_placement_provider.standard_value,
        case
            when delivered.clap_cla_placement_provider in (
                'PR0', 'PR1', 'PR2', 'PR3', 'PR4', 'PR5'
            ) then delivered.clap_cla_placement_provider
            when delivered.clap_cla_placement_provider is not null then 'unmapped'
        end
    ) as clap_cla_placement_provider,
    delivered.clap_cla_placement_distance,
    delivered.clap_has_postcode,
    delivered.clap_placement_la_code,
    in_use.as_at
from delivered
inner join in_use on delivered.delivery_month = in_use.delivery_month
left join codes as of_clap_cla_placement_type
    on
        lower(delivered.clap_cla_placement_type) = of_clap_cla_placement_type.source_value
        and of_clap_cla_placement_type.column_name = 'clap_cla_placement_type'
left join codes as of_clap_cla_placement_provider
    on
        lower(delivered.clap_cla_placement_provider) = of_clap_cla_placement_provider.source_value
        and of_clap_cla_placement_provider.column_name = 'clap_cla_placement_provider'
