with known as (
    select * from {{ ref('int_known_figures') }}
),

with_status as (
    select
        *,
        case
            when value is not null and is_provisional then 'provisional'
            when value is not null then 'ok'
            when denominator = 0 then 'no_cases'
            when frequency = 'annual' and period_type not like '%_year' then 'not_reported_at_this_frequency'
            when period_end < series_start then 'not_started'
            -- a flow needs all its months
            when origin is null and period_start < rows_start and period_end >= rows_start then 'not_started'
            -- nor do rows tell of what was before them
            when origin is null and period_end < rows_start and months_present = 0 then 'not_started'
            else 'no_data'
        end as status
    from known
)

select
    *,
    case
        when status = 'no_cases' then 'There was no case to count in this period'
        when status = 'not_reported_at_this_frequency' then 'Reported once a year'
        when status = 'not_started' and period_start < rows_start
            then 'The rows do not reach back far enough'
        when status = 'not_started' then 'The series starts later'
        when status = 'provisional' then 'The figure may still change: what it counts is not all over yet'
        when status = 'no_data' and origin = 'rows'
            then 'No population or headcount is in force: the number has nothing to be set against'
        when status = 'no_data' and why_unfilled is not null then why_unfilled
        when status = 'no_data' and not is_delivered
            then
                'Not delivered: ' || missing_extract
                || case when refused_code is null then '' else ' (refused: ' || refused_code || ')' end
        when status = 'no_data' and period_end > rows_as_at
            then
                'The rows of ' || oldest_extract || ' end earlier'
                || case
                    when refused_code is null then ''
                    else ' (newer file refused: ' || refused_code || ')'
                end
        when status = 'no_data' and adds_up and months_present between 1 and months_expected - 1
            then
                cast(months_expected - months_present as varchar(10)) || ' of '
                || cast(months_expected as varchar(10))
                || ' months missing: this period is not their sum'
        when status = 'no_data' and adds_up and months_present = months_expected
            then 'The months came as percentages without their numbers: they cannot be added up'
        when status = 'no_data' and period_type = 'month' and sent_by_month = 0
            then 'Sent by quarter or year only: not spread over months'
        when status = 'no_data' then 'Nothing was sent for this period'
    end as status_reason
from with_status
