-- two spans of months for each month: the twelve up to it and the twelve before, the three up to it
-- and the same three a year earlier; both are proof against the seasons. Empty where a month of
-- either span has no figure; none where what is counted changed between their first day and their last.
with spans as (
    select * from {{ ref('int_spans_of_months') }}
    union all
    select * from {{ ref('int_spans_of_figures') }}
),

breaks as (
    select * from {{ ref('int_breaks') }}
)

select spans.*
from spans
where
    not exists (
        select 1 from breaks
        where
            spans.indicator_id = breaks.indicator_id
            and spans.geography_code = breaks.geography_code
            and spans.period_end >= breaks.from_month
            -- the second month of the earlier span, or a later one
            and breaks.from_month > case spans.span
                when 'year_on_year' then {{ add_months('spans.period_end', -23) }}
                else {{ add_months('spans.period_end', -14) }}
            end
    )
