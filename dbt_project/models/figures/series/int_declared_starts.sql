with deliveries as (
    select * from {{ source('deliveries', 'accepted_deliveries') }}
    where is_newest
),

declared_starts as (
    select * from {{ ref('stg_indicator_starts') }}
),

earliest_dates as (
    {%- for column in columns_asked_of(catalogue('starts')) %}
    {%- set extract, name = column.split('.') %}
    select
        '{{ column }}' as starts_column,
        '{{ extract }}' as extract_name,
        cast(min({{ name }}) as date) as earliest
    from {{ ref('stg_' ~ extract) }}
    {{- '\n    union all' if not loop.last }}
    {%- endfor %}
),

ranked_starts as (
    select
        declared_starts.indicator_id,
        earliest_dates.earliest,
        row_number() over (
            partition by declared_starts.indicator_id
            order by
                case when deliveries.delivery_month is null then 1 else 0 end, declared_starts.choice
        ) as preference
    from declared_starts
    inner join earliest_dates on declared_starts.starts_column = earliest_dates.starts_column
    inner join deliveries on earliest_dates.extract_name = deliveries.extract_name
)

select
    indicator_id,
    earliest
from ranked_starts
where preference = 1
