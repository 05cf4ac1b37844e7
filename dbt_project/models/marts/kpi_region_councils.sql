{% set limits = {'lower_998': '-3.090232306167813', 'lower_95': '-1.959963984540054',
    'upper_95': '+1.959963984540054', 'upper_998': '+3.090232306167813'} -%}

with areas as (
    select * from {{ ref('int_pool_areas') }}
),

figures as (
    select * from {{ ref('int_council_intervals') }}
),

regions as (
    select * from {{ ref('kpi_region') }}
    where breakdown = 'total'
),

-- what depends on the size of a council is put in no order
ranked as (
    select
        areas.area_code,
        figures.*,
        regions.value as area_value,
        case when figures.unit <> 'count' then count(*) over of_figure end as councils_ranked,
        case
            when figures.unit <> 'count'
                then
                    rank() over (
                        partition by areas.area_code, figures.pooled_id
                        order by case figures.polarity when 'lower' then 1 else -1 end * figures.printed_value
                    )
        end as council_rank
    from figures
    inner join areas on figures.geography_code = areas.geography_code
    inner join regions on areas.area_code = regions.area_code and figures.pooled_id = regions.pooled_id
    window of_figure as (partition by areas.area_code, figures.pooled_id)
),

funnels as (
    select
        places.area_code,
        places.pooled_id,
        places.geography_code,
        places.y,
        places.kind,
        places.variance,
        spreads.dispersion,
        spreads.variance_between,
        {% for name, z in limits.items() %}
        {{ from_even_scale(
            'places.kind', '(places.area_y ' ~ z ~ ' * sqrt(places.chance + spreads.variance_between))', 'places.n'
        ) }} as funnel_{{ name }},
        {% endfor %}
        (places.y - places.area_y) / sqrt(places.chance + spreads.variance_between) as distance
    from {{ ref('int_funnel_places') }} as places
    inner join {{ ref('int_funnel_spreads') }} as spreads
        on places.area_code = spreads.area_code and places.pooled_id = spreads.pooled_id
),

moved as (
    select * from {{ ref('int_councils_moved') }}
)

select
    ranked.area_code,
    ranked.geography_code,
    ranked.pooled_id,
    ranked.indicator_id,
    ranked.period_type,
    ranked.period_start,
    ranked.period_end,
    cast(ranked.numerator as decimal(18, 6)) as numerator,
    cast(ranked.denominator as decimal(18, 6)) as denominator,
    cast(ranked.value as decimal(18, 6)) as value,
    ranked.is_provisional,
    ranked.area_value,
    cast(ranked.council_rank as bigint) as council_rank,
    cast(ranked.councils_ranked as bigint) as councils_ranked,
    cast(
        case
            when ranked.councils_ranked >= 4
                then floor(4.0 * (ranked.council_rank - 1) / ranked.councils_ranked) + 1
        end as bigint
    ) as quartile,
    {% for name in limits -%}
    cast(funnels.funnel_{{ name }} as decimal(18, 6)) as funnel_{{ name }},
    {% endfor -%}
    case
        when funnels.distance is null then null
        when abs(funnels.distance) <= 1.959963984540054 then 'inside'
        else
            case when funnels.distance > 0 then 'above' else 'below' end
            || case when abs(funnels.distance) > 3.090232306167813 then '_998' else '_95' end
    end as funnel_place,
    cast(funnels.dispersion as decimal(18, 6)) as dispersion,
    cast(sqrt(funnels.variance_between) as decimal(18, 6)) as spread_between,
    cast(case when funnels.kind = 'mean' then sqrt(funnels.variance) end as decimal(18, 6)) as spread_inside,
    cast(moved.value_before as decimal(18, 6)) as year_ago_value,
    cast(moved.change as decimal(18, 6)) as year_ago_change,
    cast(moved.change_lower as decimal(18, 6)) as change_lower,
    cast(moved.change_upper as decimal(18, 6)) as change_upper,
    moved.moved
from ranked
left join funnels
    on
        ranked.area_code = funnels.area_code
        and ranked.pooled_id = funnels.pooled_id
        and ranked.geography_code = funnels.geography_code
left join moved on ranked.figure_id = moved.figure_id
