{% set calendar = 'model.' ~ project_name ~ '.stg_bank_holidays' %}
{% set recounted = local_md5(adding_up_of(recounted=true)) if execute %}
{% set added_up = local_md5(adding_up_of(recounted=false)) if execute %}
{% set known = {} %}

with indicators as (
    select * from {{ ref('stg_indicators') }}
),

needs as (
    select * from {{ ref('stg_indicator_needs') }}
),

logic as (
    select
        told.indicator_id,
        told.logic,
        told.reads_bank_holidays
    from (
        values
        {%- for id in asked_of(catalogue('parts')) %}
        {%- set models = models_read_by(id) if execute else [] %}
        ('{{ id }}', '{{ logic_behind(models, known) }}', {{ (calendar in models) | lower }})
        {{- ',' if not loop.last }}
        {%- endfor %}
    ) as told (indicator_id, logic, reads_bank_holidays)
),

set_against_reference as (
    select distinct indicator_id
    from needs
    where extract_name in ('ref_population', 'ref_pupil_headcount')
)

select
    indicators.indicator_id,
    -- `5:` is the way that the fingerprint is taken; one taken in another way is not compared
    '5:'
    || md5(
        indicators.definition_facts
        || coalesce(
            logic.logic
            || case
                when indicators.time_basis in ('period_distinct_count', 'period_median')
                    then '{{ recounted }}'
                else '{{ added_up }}'
            end,
            ''
        )
    ) as definition,
    coalesce(logic.reads_bank_holidays, false) as reads_bank_holidays,
    set_against_reference.indicator_id is not null as is_set_against_reference
from indicators
left join logic on indicators.indicator_id = logic.indicator_id
left join set_against_reference on indicators.indicator_id = set_against_reference.indicator_id
