-- one row per indicator and rule that it breaks: a build that gives any is not published
select * from {{ ref('int_row_faults') }}
union distinct
select * from {{ ref('int_lost_events') }}
union distinct
select * from {{ ref('int_part_faults') }}
union distinct
select * from {{ ref('int_value_faults') }}
union distinct
select * from {{ ref('int_entry_faults') }}
