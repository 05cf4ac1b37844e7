-- an entry of the catalogue without its SQL fails here, at parse
{% for indicator in var('indicators') if indicator.source == 'rows' %}
{% set model = ref('ind_' ~ indicator.id) %}
select
    '{{ indicator.id }}' as indicator_id,
    indicator_date,
    cast(subject_id as varchar(100)) as subject_id,
    'total' as breakdown,
    'total' as breakdown_value,
    cast(numerator as decimal(18, 6)) as numerator,
    cast(denominator as decimal(18, 6)) as denominator
from {{ model }}
{% for breakdown in indicator.get('breakdowns', []) %}
union all
select
    '{{ indicator.id }}' as indicator_id,
    indicator_date,
    cast(subject_id as varchar(100)) as subject_id,
    '{{ breakdown }}' as breakdown,
    cast({{ breakdown }} as varchar(100)) as breakdown_value,
    cast(numerator as decimal(18, 6)) as numerator,
    cast(denominator as decimal(18, 6)) as denominator
from {{ model }}
where {{ breakdown }} is not null
{% endfor %}
{% for breakdown in indicator.get('shares', []) %}
union all
select distinct
    '{{ indicator.id }}' as indicator_id,
    indicator_date,
    cast(subject_id as varchar(100)) as subject_id,
    '{{ breakdown }}' as breakdown,
    cast({{ breakdown }} as varchar(100)) as breakdown_value,
    cast(1 as decimal(18, 6)) as numerator,
    cast(null as decimal(18, 6)) as denominator
from {{ model }}
where {{ breakdown }} is not null
{% endfor %}
{{ 'union all' if not loop.last }}
{% endfor %}
