with numbered as (
    select
        *,
        {{ known_by('report_id', 'person_id', ['meeting_type', 'meeting_date', 'shared_date']) }} as known_by
    from {{ ref('stg_ext_sw_reports') }}
    where coalesce(not_required_flag, 'N') = 'N'
)

-- two numbers for one child and the same days are one report, known by the smaller number
select
    report_id,
    meeting_type,
    meeting_date,
    shared_date,
    dual_plan_flag
from numbered
where report_id = known_by
