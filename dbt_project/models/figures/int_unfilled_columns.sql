-- Columns without which a figure would be 0 for want of records: the `filled` of the catalogue;
-- after = stands the one value that has to occur. Codes that nobody knows in more than five rows,
-- and in more than 1 % of them, are no records either.
with fills as (
    {%- for column in columns_asked_of(catalogue('filled')) %}
    {%- set extract, name = column.split('=')[0].split('.') %}
    select
        '{{ column }}' as column_name,
        as_at,
        {%- if '=' in column %}
        count(case when {{ name }} = '{{ column.split('=')[1] }}' then 1 end) as filled_rows,
        {%- else %}
        count({{ name }}) as filled_rows,
        {%- endif %}
        {%- if column in catalogue('coded') %}
        count(case when {{ name }} = 'unmapped' then 1 end) as unknown_rows,
        {%- else %}
        0 as unknown_rows,
        {%- endif %}
        count(*) as all_rows
    from {{ ref('stg_' ~ extract) }}
    group by as_at
    {{- '\n    union all' if not loop.last }}
    {%- endfor %}
),

needed as (
    select * from {{ ref('stg_indicator_columns_filled') }}
),

unfilled as (
    select
        column_name,
        as_at,
        case when filled_rows = 0 then 'Never filled in' else 'Too many codes that nobody knows in' end
        || ' what was delivered: ' || column_name as why_unfilled
    from fills
    where filled_rows = 0 or (unknown_rows > 5 and 100 * unknown_rows > all_rows)
)

select
    needed.indicator_id,
    unfilled.as_at,
    min(unfilled.why_unfilled) as why_unfilled
from needed
inner join unfilled on needed.column_name = unfilled.column_name
group by needed.indicator_id, unfilled.as_at
