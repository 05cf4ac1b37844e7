-- by how much the councils of an area differ beyond chance (Spiegelhalter 2005): the mean square of
-- their distances in standard errors, those of the outer tenth on either side drawn in to it, and the
-- variance between councils that explains it (DerSimonian and Laird 1986); 0 where chance alone does
with places as (
    select
        *,
        (y - area_y) / sqrt(chance) as z
    from {{ ref('int_funnel_places') }}
),

tenths as (
    select
        area_code,
        pooled_id,
        percentile_cont(0.1) within group (order by z) as lowest,
        percentile_cont(0.9) within group (order by z) as highest
    from places
    group by area_code, pooled_id
),

drawn_in as (
    select
        places.*,
        least(greatest(places.z, tenths.lowest), tenths.highest) as drawn_z
    from places
    inner join tenths on places.area_code = tenths.area_code and places.pooled_id = tenths.pooled_id
),

summed as (
    select
        area_code,
        pooled_id,
        count(*) as councils,
        avg(drawn_z * drawn_z) as dispersion,
        sum(1 / chance) as weights,
        sum(1 / (chance * chance)) as squared_weights
    from drawn_in
    group by area_code, pooled_id
)

select
    area_code,
    pooled_id,
    dispersion,
    greatest(
        (councils * dispersion - (councils - 1)) / (weights - squared_weights / weights), 0
    ) as variance_between
from summed
