-- whether two spans of months differ by more than chance: for percentages by Newcombe's interval of
-- the difference, for counts and rates by the share of all events that fell into the later span
-- (where either had fewer than ten, exactly as well), for means by their spread. How much more than
-- independent cases the months vary is taken into account: numbers and cases count for as many as
-- independent ones would tell as much (Rao and Scott 1992)
{# the mean of month ends is printed with one place -#}
{% set places = "case when valued.unit = 'count' and valued.decimals < 1 then 1 else valued.decimals end" -%}

with valued as (
    select * from {{ ref('int_spans_valued') }}
),

ways as (
    select * from {{ ref('int_ratio_ways') }}
    union all
    select * from {{ ref('int_count_ways') }}
    union all
    select * from {{ ref('int_mean_ways') }}
)

select
    valued.indicator_id,
    valued.geography_code,
    valued.period_end,
    valued.span,
    valued.value_now,
    valued.value_before,
    case
        when ways.way is null then 'too_few_to_say'
        when ways.way = 0 then 'no_clear_change'
        -- a move that printing does not show is none
        when
            {{ printed('valued.value_now', places) }} = {{ printed('valued.value_before', places) }}
            then 'no_clear_change'
        when valued.polarity = 'neutral' and ways.way > 0 then 'higher'
        when valued.polarity = 'neutral' then 'lower'
        when (ways.way > 0) = (valued.polarity = 'higher') then 'improving'
        else 'worsening'
    end as verdict
from valued
left join ways
    on
        valued.indicator_id = ways.indicator_id
        and valued.geography_code = ways.geography_code
        and valued.period_end = ways.period_end
        and valued.span = ways.span
