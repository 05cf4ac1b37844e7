{{ config(meta={'dagster': {'ref': {'name': 'stg_benchmarks'}}}) }}

-- guards a refreshed benchmark file: label, kind of year and dates say the same
with benchmarks as (
    select
        geography_code,
        period_label,
        year_basis,
        cast(period_start as varchar(10)) as first_day,
        cast(period_end as varchar(10)) as last_day
    from {{ source('reference', 'benchmarks') }}
)

select
    geography_code,
    period_label
from benchmarks
where not case year_basis
    when 'financial year'
        then
            first_day = left(period_label, 4) || '-04-01'
            and last_day = '20' || right(period_label, 2) || '-03-31'
    when 'academic year'
        then
            first_day = left(period_label, 4) || '-09-01'
            and last_day = '20' || substring(period_label, 6, 2) || '-08-31'
    when 'calendar year'
        then first_day = left(period_label, 4) || '-01-01' and last_day = left(period_label, 4) || '-12-31'
    when 'year to 30 September' then last_day = right(period_label, 4) || '-09-30'
    when 'snapshot 30 September' then last_day = right(period_label, 4) || '-09-30'
    when 'snapshot 31 March' then last_day = right(period_label, 4) || '-03-31'
    when 'January snapshot' then first_day = substring(period_label, 9, 4) || '-01-01'
    else false
end
