with decisions as (
    select * from {{ ref('stg_ext_referral_decisions') }}
),

calendar as (
    select * from {{ ref('int_calendar') }}
),

-- a decision timed before the receipt is an error; one that is not made yet cannot be timed
valid_decisions as (
    select
        referral_id,
        cast(received_at as date) as received_on,
        cast(decision_at as date) as decided_on
    from decisions
    where decision_at >= received_at
)

select
    valid_decisions.referral_id,
    valid_decisions.decided_on,
    decided.working_day_number - received.working_day_number as working_days
from valid_decisions
inner join calendar as received on valid_decisions.received_on = received.calendar_date
inner join calendar as decided on valid_decisions.decided_on = decided.calendar_date
