with periods as (
    select * from {{ ref('int_care_periods') }}
    where person_id is not null
),

visits as (
    select * from {{ ref('int_care_visits') }}
),

short_breaks as (
    select * from {{ ref('int_short_breaks') }}
),

seen as (
    select
        care_id,
        person_id,
        open_until,
        entered_on as seen_on
    from periods
    union distinct
    select
        periods.care_id,
        periods.person_id,
        periods.open_until,
        visits.visited_on as seen_on
    from periods
    inner join visits
        on
            periods.person_id = visits.person_id
            and periods.entered_on <= visits.visited_on
            and periods.open_until >= visits.visited_on
),

gaps as (
    select
        care_id,
        person_id,
        seen_on as gap_from,
        coalesce(lead(seen_on) over (partition by care_id order by seen_on), open_until) as gap_until
    from seen
)

-- on short breaks no visit falls due [G17]
select
    gaps.care_id,
    gaps.gap_from,
    case
        when short_breaks.person_id is null then gaps.gap_until
        else greatest(gaps.gap_from, short_breaks.started_on)
    end as gap_until
from gaps
left join short_breaks
    on
        gaps.person_id = short_breaks.person_id
        and gaps.gap_until > short_breaks.started_on
        and gaps.gap_until <= short_breaks.open_until
