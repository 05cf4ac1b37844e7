{{ config(meta={'dagster': {'ref': {'name': 'row_level_council'}}}) }}

-- with a second council every child would be counted for both
select count(*) as councils
from {{ ref('row_level_council') }}
having count(*) > 1
