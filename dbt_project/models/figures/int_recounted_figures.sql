-- distinct subjects and medians cannot be added up from months [G12]. Both are worked out from what
-- a month holds once, never from its rows multiplied by every period that they fall in.
with distinct_subjects as (
    select * from {{ ref('int_distinct_subjects') }}
),

medians as (
    select * from {{ ref('int_medians') }}
),

council as (
    select * from {{ ref('int_council') }}
),

recounted as (
    select
        indicator_id,
        period_id,
        breakdown,
        breakdown_value,
        cast(subjects as bigint) as subjects,
        cast(null as bigint) as measured,
        cast(null as decimal(18, 6)) as median_value
    from distinct_subjects
    union all
    select
        indicator_id,
        period_id,
        breakdown,
        breakdown_value,
        cast(null as bigint) as subjects,
        cast(measured as bigint) as measured,
        cast(median_value as decimal(18, 6)) as median_value
    from medians
)

select
    {{ figure_id(
        'recounted.indicator_id', 'council.geography_code', 'recounted.period_id', 'recounted.breakdown',
        'recounted.breakdown_value'
    ) }} as figure_id,
    recounted.subjects,
    recounted.measured,
    recounted.median_value
from recounted
cross join council
