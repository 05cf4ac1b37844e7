with cohort as (
    select * from {{ ref('int_care_cohort') }}
),

spells as (
    select * from {{ ref('int_placement_spells') }}
)

-- the placement already running when the window opens counts [G8]
select
    cohort.month_end as indicator_date,
    cohort.person_id as subject_id,
    case when count(spells.spell_number) >= 3 then 1 else 0 end as numerator,
    1 as denominator
from cohort
left join spells
    on
        cohort.person_id = spells.person_id
        and cohort.month_end >= spells.started_on
        and cohort.year_before < spells.last_day
group by cohort.month_end, cohort.person_id
