{{ config(meta={'dagster': {'ref': {'name': 'int_indicator_events'}}}) }}

-- a join that multiplies rows would count a case twice; left out is what may rightly repeat: visits
-- of two anchors that fall due on one day, and a child missing twice in a day
select
    indicator_id,
    count(*) as repeated
from {{ ref('int_indicator_events') }}
where
    indicator_id not in (
        'cp_visits_within_10wd_pct', 'cp_visits_within_15wd_pct', 'cic_statutory_visits_in_timescale_pct',
        'missing_children_count'
    )
    and (numerator <> 0 or denominator <> 0)
group by indicator_id, indicator_date, subject_id, breakdown, breakdown_value
having count(*) > 1
