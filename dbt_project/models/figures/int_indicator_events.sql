{# An entry of the catalogue without its SQL fails here, at parse; `make check` asks for one alone.
   Parts are columns of other names in each indicator: numbered, they lie in the same columns of all. -#}
{% set parts_of = catalogue('parts') %}
{% set places = range(1, 1 + parts_of.values() | map('length') | max) %}
{% set asked = env_var('KPI_INDICATOR', '') %}
{% set asked_for = [asked if asked in parts_of else parts_of | first] if asked else parts_of | list %}

with rows_of_indicators as (
    {%- for id in asked_for %}
    {%- set parts = parts_of[id] %}
    select
        '{{ id }}' as indicator_id,
        indicator_date,
        cast(subject_id as varchar(100)) as subject_id,
        {%- for place in places %}
        cast({{ parts[place - 1] or 'null' }} as varchar(100)) as part_{{ place }},
        {%- endfor %}
        cast(numerator as decimal(18, 6)) as numerator,
        cast(denominator as decimal(18, 6)) as denominator
    from {{ ref('ind_' ~ id) }}
    {{- '\n    union all' if not loop.last }}
    {%- endfor %}
),

breakdowns as (
    select * from {{ ref('stg_breakdowns') }}
),

parts as (
    select
        rows_of_indicators.indicator_id,
        rows_of_indicators.indicator_date,
        rows_of_indicators.subject_id,
        breakdowns.breakdown,
        breakdowns.share_of,
        case breakdowns.part_no
            {%- for place in places %}
            when {{ place }} then rows_of_indicators.part_{{ place }}
            {%- endfor %}
        end as breakdown_value,
        rows_of_indicators.numerator,
        rows_of_indicators.denominator
    from rows_of_indicators
    inner join breakdowns on rows_of_indicators.indicator_id = breakdowns.indicator_id
)

select
    indicator_id,
    indicator_date,
    subject_id,
    'total' as breakdown,
    'total' as breakdown_value,
    numerator,
    denominator
from rows_of_indicators
union all
select
    indicator_id,
    indicator_date,
    subject_id,
    breakdown,
    breakdown_value,
    numerator,
    denominator
from parts
where share_of = 'split' and breakdown_value is not null
union all
-- a reason counts once for a subject, against the whole
select distinct
    indicator_id,
    indicator_date,
    subject_id,
    breakdown,
    breakdown_value,
    cast(1 as decimal(18, 6)) as numerator,
    cast(null as decimal(18, 6)) as denominator
from parts
where share_of = 'whole' and breakdown_value is not null
union all
select
    indicator_id,
    indicator_date,
    subject_id,
    breakdown,
    breakdown_value,
    cast(denominator - numerator as decimal(18, 6)) as numerator,
    cast(null as decimal(18, 6)) as denominator
from parts
where share_of = 'rest' and breakdown_value is not null and denominator > numerator
