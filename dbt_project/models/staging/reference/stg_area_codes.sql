-- a table: the figures ledger reads it from outside
{{ config(materialized='table') }}

with authorities as (
    select * from {{ ref('stg_authorities') }}
),

regions as (
    select * from {{ ref('stg_regions') }}
),

former_codes as (
    select * from {{ source('reference', 'former_codes') }}
)

select
    geography_code as any_code,
    geography_code
from authorities
union all
select
    region_code as any_code,
    region_code as geography_code
from regions
union all
select
    former_codes.former_code as any_code,
    authorities.geography_code
from former_codes
inner join authorities on former_codes.old_la_code = authorities.old_la_code
