with incidents as (
    select * from {{ ref('stg_ssd_missing') }}
)

-- always the case system's own incidents: the log does not say whether an interview was offered
select
    miss_missing_episode_end_date as indicator_date,
    miss_table_id as subject_id,
    case when miss_missing_rhi_offered = 'Y' then 1 else 0 end as numerator,
    1 as denominator
from incidents
where
    miss_missing_episode_end_date <= as_at -- [G2]
    and coalesce(lower(miss_missing_episode_type), 'missing') <> 'away'
    and coalesce(miss_missing_rhi_offered, 'N') <> 'NA'
