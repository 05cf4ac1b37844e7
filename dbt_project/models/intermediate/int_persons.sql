with persons as (
    select * from {{ ref('stg_ssd_person') }}
)

-- an expected date of birth in the past is an estimated one [G10]; a death ends every row [G5]
select
    pers_person_id as person_id,
    coalesce(pers_dob, pers_expected_dob) as birth_date,
    {{ open_until(['pers_death_date']) }} as lives_until
from persons
