with periods as (
    select * from {{ ref('int_periods') }}
),

bank_holidays as (
    select * from {{ ref('stg_bank_holidays') }}
),

spans as (
    select distinct
        period_start,
        period_end
    from periods
)

-- from two years before a period to a hundred days after it, in which no clock is still running
select
    spans.period_start,
    spans.period_end,
    md5(
        coalesce(
            {{ joined_texts(
                'cast(bank_holidays.holiday_date as varchar(10))', ' ', 'bank_holidays.holiday_date'
            ) }},
            ''
        )
    ) as holidays
from spans
left join bank_holidays
    on
        bank_holidays.holiday_date >= {{ add_months('spans.period_start', -24) }}
        and bank_holidays.holiday_date <= {{ add_months('spans.period_end', 3) }}
group by spans.period_start, spans.period_end
