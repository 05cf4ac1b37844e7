with newest as (
    select * from {{ ref('int_newest_figures') }}
)

select
    {% for kind in ['month', 'quarter', 'year_to_date', 'year'] %}
    {% for column in ['period_start', 'period_end', 'numerator', 'denominator', 'value', 'status'] %}
    max(case when kind = '{{ kind }}' then {{ column }} end) as {{ kind }}_{{ column }},
    {% endfor %}
    {% endfor %}
    geography_code,
    as_at,
    indicator_id
from newest
group by geography_code, as_at, indicator_id
