{% set rules = {
    'ROW-DATE-EMPTY': 'without_date > 0',
    'ROW-SUBJECT-EMPTY': 'without_subject > 0',
    'ROW-NUMERATOR-EMPTY': 'without_numerator > 0',
    'ROW-DENOMINATOR-EMPTY': 'without_denominator > 0',
    'ROW-NEGATIVE': 'negative > 0',
    'ROW-COUNTS-MORE': 'counted_twice > 0',
    'ROW-ABOVE-WHOLE': 'above_whole > 0',
    'ROW-NOT-MONTH-END': 'between_month_ends > 0',
    'SUBJECT-IS-PERSON': 'events_of_people > 0',
    'UNIT-COUNT-OUT-OF': 'counts_out_of > 0',
} %}

with row_counts as (
    select * from {{ ref('int_row_counts') }}
),

events as (
    select * from {{ ref('int_indicator_events') }}
),

indicators as (
    select * from {{ ref('stg_indicators') }}
),

people as (
    select * from {{ ref('int_known_people') }}
),

-- a join that multiplies rows would count a case twice
repeated as (
    select events.indicator_id
    from events
    inner join indicators on events.indicator_id = indicators.indicator_id
    where not indicators.repeats and (events.numerator <> 0 or events.denominator <> 0)
    group by
        events.indicator_id,
        events.indicator_date,
        events.subject_id,
        events.breakdown,
        events.breakdown_value
    having count(*) > 1
)

{% for rule, is_broken in rules.items() %}
select
    indicator_id,
    '{{ rule }}' as rule
from row_counts
where {{ is_broken }}
union all
{% endfor %}
select
    row_counts.indicator_id,
    'SUBJECT-NO-PERSON' as rule
from row_counts
where
    row_counts.time_basis = 'period_distinct_count'
    and row_counts.of_people = 0
    and exists (select 1 from people)
union all
select
    indicator_id,
    'SUBJECT-REPEATS' as rule
from repeated
union all
-- measures are not all 0 or 1, nor years on average
select
    indicator_id,
    'UNIT-NOT-MEASURED' as rule
from row_counts
where
    unit in ('days', 'hours', 'weeks')
    and adds = 'cases'
    and rows_seen >= 30
    and ones > 0
    and ones + zeros = rows_seen
union all
select
    indicator_id,
    'UNIT-TOO-LARGE' as rule
from row_counts
where
    rows_seen >= 30
    and numerators / rows_seen
    > case unit when 'days' then 1000 when 'hours' then 24000 when 'weeks' then 150 end
union all
-- 20 million children; England has 12 million
select
    indicator_id,
    'UNIT-POPULATION' as rule
from row_counts
where
    unit = 'rate_per_10k' and (denominators > denominator_days or largest_denominator > 2000)
