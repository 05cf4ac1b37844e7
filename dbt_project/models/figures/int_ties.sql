-- which numbers of two figures count the same rows, or one the other's: a reader knows it from the
-- definitions, so that one number says something of the other. A side of a figure is n (those that
-- count), m (the others of the denominator) or d (all of it); of an average only d is a number of cases.
select * from {{ ref('int_same_rows') }}
union distinct
select * from {{ ref('int_set_against') }}
union distinct
select * from {{ ref('int_counted_once') }}
union distinct
select * from {{ ref('int_same_numbers') }}
