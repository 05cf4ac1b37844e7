-- two numbers for one period of care and the same days are one review, known by the smaller number
with reviews as (
    select
        clar_cla_id,
        clar_cla_review_due_date,
        clar_cla_review_date,
        min(clar_cla_review_id) as clar_cla_review_id
    from {{ ref('stg_ssd_cla_reviews') }}
    where clar_cla_review_due_date is not null and coalesce(clar_cla_review_cancelled, 'N') = 'N'
    group by
        coalesce(clar_cla_id, clar_cla_review_id),
        clar_cla_id,
        clar_cla_review_due_date,
        clar_cla_review_date
),

periods as (
    select * from {{ ref('int_care_periods') }}
)

-- none is due after care ended; where the period of care is unknown it is taken to last
select
    reviews.clar_cla_review_due_date as indicator_date,
    reviews.clar_cla_review_id as subject_id,
    case
        when reviews.clar_cla_review_date <= reviews.clar_cla_review_due_date then 1
        else 0
    end as numerator,
    1 as denominator
from reviews
left join periods on reviews.clar_cla_id = periods.care_id
where reviews.clar_cla_review_due_date <= coalesce(periods.open_until, date '9999-12-31')
