-- two spans of months for each month: the twelve up to it and the twelve before, the three up to it
-- and the same three a year earlier; both are proof against the seasons. Empty where a month of
-- either span has no figure.
select * from {{ ref('int_spans_of_months') }}
union all
select * from {{ ref('int_spans_of_figures') }}
