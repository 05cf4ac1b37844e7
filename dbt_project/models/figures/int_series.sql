{% set of_rows = var('indicators') | selectattr('source', 'equalto', 'rows') | list %}
{% set start_columns = [] %}
{% for indicator in of_rows if indicator.starts %}
{% for column in indicator.starts.split('|') if column not in start_columns %}
{% do start_columns.append(column) %}
{% endfor %}
{% endfor %}

with deliveries as (
    select * from {{ source('deliveries', 'accepted_deliveries') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

indicator_months as (
    select * from {{ ref('int_indicator_months') }}
    where breakdown = 'total'
),

council as (
    select * from {{ ref('int_council') }}
),

-- what the catalogue says an indicator cannot do without; of alternatives the first that came
needs as (
    {% for indicator in of_rows %}
    {% for need in indicator.needs %}
    {% set need_no = loop.index %}
    {% set is_last = loop.last %}
    {% for extract in need.split('|') %}
    select
        '{{ indicator.id }}' as indicator_id,
        {{ need_no }} as need_no,
        {{ loop.index }} as choice,
        '{{ extract }}' as extract_name
    {{ 'union all' if not (loop.last and is_last) }}
    {% endfor %}
    {% endfor %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

met_needs as (
    select
        needs.indicator_id,
        needs.need_no,
        needs.extract_name,
        deliveries.delivery_month is not null as is_delivered,
        deliveries.as_at,
        deliveries.timeframe_years,
        deliveries.refused_code,
        row_number() over (
            partition by needs.indicator_id, needs.need_no
            order by case when deliveries.delivery_month is null then 1 else 0 end, needs.choice
        ) as preference
    from needs
    inner join deliveries on needs.extract_name = deliveries.extract_name
    where deliveries.is_newest
),

-- figures reach as far as the oldest of the extracts
reach as (
    select
        indicator_id,
        min(case when is_delivered then 1 else 0 end) = 1 as is_delivered,
        min(case when not is_delivered then extract_name end) as missing_extract,
        min(case when not is_delivered then refused_code end) as missing_code,
        min(as_at) as as_at,
        max(case when need_no = 1 then timeframe_years end) as timeframe_years
    from met_needs
    where preference = 1
    group by indicator_id
),

oldest_extract as (
    select
        reach.indicator_id,
        min(met_needs.extract_name) as oldest_extract,
        min(met_needs.refused_code) as newer_code
    from reach
    inner join met_needs on reach.indicator_id = met_needs.indicator_id and reach.as_at = met_needs.as_at
    where met_needs.preference = 1
    group by reach.indicator_id
),

earliest_dates as (
    {% for column in start_columns %}
    select
        '{{ column }}' as starts_column,
        '{{ column.split(".")[0] }}' as extract_name,
        cast(min({{ column.split('.')[1] }}) as date) as earliest
    from {{ ref('stg_' ~ column.split('.')[0]) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

declared_starts as (
    {% for indicator in of_rows if indicator.starts %}
    {% set is_last = loop.last %}
    {% for column in indicator.starts.split('|') %}
    select
        '{{ indicator.id }}' as indicator_id,
        {{ loop.index }} as choice,
        '{{ column }}' as starts_column
    {{ 'union all' if not (loop.last and is_last) }}
    {% endfor %}
    {% endfor %}
),

ranked_starts as (
    select
        declared_starts.indicator_id,
        earliest_dates.earliest,
        deliveries.timeframe_years,
        row_number() over (
            partition by declared_starts.indicator_id
            order by
                case when deliveries.delivery_month is null then 1 else 0 end, declared_starts.choice
        ) as preference
    from declared_starts
    inner join earliest_dates on declared_starts.starts_column = earliest_dates.starts_column
    inner join deliveries on earliest_dates.extract_name = deliveries.extract_name
    where deliveries.is_newest
),

-- without a declared column the first event begins the series
event_starts as (
    select
        indicator_months.indicator_id,
        min(indicator_months.first_date) as earliest
    from indicator_months
    left join declared_starts on indicator_months.indicator_id = declared_starts.indicator_id
    where declared_starts.indicator_id is null
    group by indicator_months.indicator_id
),

-- month ends that a dateless extract speaks for [G20]
delivered_months as (
    {% for indicator in of_rows if indicator.months == 'delivered' %}
    select
        '{{ indicator.id }}' as indicator_id,
        min(calendar.month_start) as earliest
    from deliveries
    inner join calendar on deliveries.as_at = calendar.month_end and deliveries.as_at = calendar.calendar_date
    where deliveries.extract_name = '{{ indicator.needs[0] }}'
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

starts as (
    select
        indicator_id,
        earliest,
        timeframe_years
    from ranked_starts
    where preference = 1
    union all
    select
        delivered_months.indicator_id,
        delivered_months.earliest,
        cast(null as bigint) as timeframe_years
    from delivered_months
    union all
    select
        event_starts.indicator_id,
        event_starts.earliest,
        reach.timeframe_years
    from event_starts
    inner join reach on event_starts.indicator_id = reach.indicator_id
    left join delivered_months on event_starts.indicator_id = delivered_months.indicator_id
    where delivered_months.indicator_id is null
),

history as (
    {% for indicator in of_rows %}
    select
        '{{ indicator.id }}' as indicator_id,
        {{ indicator.get('history_months', 0) }} as history_months
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- the first whole month on or after the earliest date, or after the start of the timeframe [G14]
first_months as (
    select
        starts.indicator_id,
        greatest(
            first_day.month_index + case when first_day.day_of_month = 1 then 0 else 1 end,
            coalesce(
                last_day.month_index - 12 * starts.timeframe_years
                + case when last_day.day_of_month = 1 then 0 else 1 end,
                0
            )
        ) + history.history_months as month_index
    from starts
    inner join history on starts.indicator_id = history.indicator_id
    inner join reach on starts.indicator_id = reach.indicator_id
    inner join calendar as first_day
        on greatest(starts.earliest, date '1990-01-01') = first_day.calendar_date
    inner join calendar as last_day on reach.as_at = last_day.calendar_date
    -- greatest passes an empty date over: an extract without any begins no series
    where starts.earliest is not null
)

select
    reach.indicator_id,
    council.geography_code,
    reach.is_delivered,
    reach.missing_extract,
    case when reach.is_delivered then oldest_extract.newer_code else reach.missing_code end as refused_code,
    oldest_extract.oldest_extract,
    reach.as_at,
    calendar.calendar_date as series_start
from reach
cross join council
left join oldest_extract on reach.indicator_id = oldest_extract.indicator_id
left join first_months on reach.indicator_id = first_months.indicator_id
left join calendar
    on first_months.month_index = calendar.month_index and calendar.calendar_date = calendar.month_start
