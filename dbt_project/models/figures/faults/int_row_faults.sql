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

total_sides as (
    select
        events.*,
        indicators.unit,
        indicators.adds,
        indicators.repeats,
        -- an event is on one day; a position is of every month end, and people come back
        case
            when indicators.is_position or indicators.time_basis = 'period_distinct_count'
                then events.indicator_date
        end as counted_on
    from events
    inner join indicators on events.indicator_id = indicators.indicator_id
    where events.breakdown = 'total'
),

-- a join that multiplies rows would count a case twice; of what repeats nobody can tell: visits of a
-- Friday and a Saturday make two due on one day
repeated as (
    select indicator_id
    from total_sides
    where not repeats and (numerator <> 0 or denominator <> 0)
    group by indicator_id, counted_on, subject_id
    having count(*) > 1
),

-- a case below the line only where it is above it makes every share one of 100 per cent
in_neither_side as (
    select indicator_id
    from total_sides
    where unit = 'percent' and adds = 'cases'
    group by indicator_id, indicator_date, subject_id
    having max(numerator) = 0 and max(denominator) = 0
)

select
    row_counts.indicator_id,
    rules.rule
from row_counts
cross join (
    values
    ('ROW-DATE-EMPTY'), ('ROW-SUBJECT-EMPTY'), ('ROW-NUMERATOR-EMPTY'), ('ROW-DENOMINATOR-EMPTY'),
    ('ROW-NEGATIVE'), ('ROW-COUNTS-MORE'), ('ROW-ABOVE-WHOLE'), ('ROW-NOT-MONTH-END'), ('SUBJECT-IS-PERSON'),
    ('UNIT-COUNT-OUT-OF')
) as rules (rule)
where
    case rules.rule
        when 'ROW-DATE-EMPTY' then row_counts.without_date
        when 'ROW-SUBJECT-EMPTY' then row_counts.without_subject
        when 'ROW-NUMERATOR-EMPTY' then row_counts.without_numerator
        when 'ROW-DENOMINATOR-EMPTY' then row_counts.without_denominator
        when 'ROW-NEGATIVE' then row_counts.negative
        when 'ROW-COUNTS-MORE' then row_counts.counted_twice
        when 'ROW-ABOVE-WHOLE' then row_counts.above_whole
        when 'ROW-NOT-MONTH-END' then row_counts.between_month_ends
        when 'SUBJECT-IS-PERSON' then row_counts.events_of_people
        when 'UNIT-COUNT-OUT-OF' then row_counts.counts_out_of
    end > 0
union all
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
select
    indicator_id,
    'ROW-COUNTS-NOTHING' as rule
from in_neither_side
union all
-- measures are not all 0 or 1, nor years on average; a median of them can be, as of days until something
-- is recorded that are the same day or the next one
select
    indicator_id,
    'UNIT-NOT-MEASURED' as rule
from row_counts
where
    unit in ('days', 'hours', 'weeks')
    and adds = 'cases'
    and time_basis <> 'period_median'
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
