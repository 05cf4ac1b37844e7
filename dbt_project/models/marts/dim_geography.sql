with authorities as (
    select * from {{ ref('stg_authorities') }}
),

regions as (
    select * from {{ ref('stg_regions') }}
),

-- councils of which others took the place: there is no arithmetic from the one to the others
successions as (
    select
        ended.geography_code as ended_code,
        ended.geography_name as ended_name,
        begun.geography_code as begun_code,
        begun.geography_name as begun_name
    from authorities as ended
    inner join authorities as begun on ended.successor_codes like '%' || begun.geography_code || '%'
),

before as (
    select
        begun_code as geography_code,
        {{ joined_texts('ended_name', '; ', 'ended_name') }} as names
    from successions
    group by begun_code
),

after as (
    select
        ended_code as geography_code,
        {{ joined_texts('begun_name', '; ', 'begun_name') }} as names
    from successions
    group by ended_code
)

select
    authorities.geography_code,
    authorities.geography_name,
    'local_authority' as geography_type,
    authorities.authority_status,
    authorities.region_code,
    regions.region_name,
    authorities.valid_from,
    authorities.valid_to,
    before.names as predecessors,
    after.names as successors
from authorities
inner join regions on authorities.region_code = regions.region_code
left join before on authorities.geography_code = before.geography_code
left join after on authorities.geography_code = after.geography_code
union all
select
    region_code as geography_code,
    region_name as geography_name,
    geography_type,
    'current' as authority_status,
    region_code,
    region_name,
    cast(null as date) as valid_from,
    cast(null as date) as valid_to,
    cast(null as varchar(1000)) as predecessors,
    cast(null as varchar(1000)) as successors
from regions
