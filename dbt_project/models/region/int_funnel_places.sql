-- where the councils of an area lie about its value, on a scale on which chance is even; where one of
-- them was sent without its numbers, or fewer than five have a figure, there is no funnel
with areas as (
    select * from {{ ref('int_pool_areas') }}
),

figures as (
    select * from {{ ref('int_council_intervals') }}
    where unit <> 'count' and kind is not null
),

regions as (
    select * from {{ ref('kpi_region') }}
    where breakdown = 'total' and status = 'ok'
),

placed as (
    select
        areas.area_code,
        figures.pooled_id,
        figures.geography_code,
        figures.kind,
        figures.x,
        figures.n,
        figures.squares,
        cast(regions.numerator as {{ double() }}) as area_x,
        cast(regions.denominator as {{ double() }}) as area_n,
        cast(regions.value as {{ double() }}) as area_value,
        regions.councils_counted
    from figures
    inner join areas on figures.geography_code = areas.geography_code
    inner join regions on areas.area_code = regions.area_code and figures.pooled_id = regions.pooled_id
),

-- what one case of a mean varies by inside the councils
varying as (
    select
        *,
        sum(squares - x * x / n) over of_figure / nullif(sum(n - 1) over of_figure, 0) as variance,
        count(*) over of_figure as councils
    from placed
    window of_figure as (partition by area_code, pooled_id)
)

select
    area_code,
    pooled_id,
    geography_code,
    kind,
    n,
    area_value,
    variance,
    {{ on_even_scale('kind', 'area_x', 'area_n', more=0) }} as area_y,
    {{ on_even_scale('kind', 'x', 'n') }} as y,
    {{ chance_on_even_scale('kind', 'n', 'variance') }} as chance
from varying
where councils >= {{ var('funnel_needs') }} and (kind <> 'mean' or variance > 0)
