select person_id from {{ ref('int_persons') }}
{% for model, column in [
    ('stg_ssd_professionals', 'prof_professional_id'),
    ('stg_ssd_send', 'send_table_id'),
    ('stg_ext_workforce_workers', 'worker_id'),
    ('stg_ext_early_help_referrals', 'person_id'),
    ('stg_ext_early_help_assessments', 'person_id'),
    ('stg_ext_exclusions', 'pupil_id'),
] %}
union distinct
select {{ column }} as person_id from {{ ref(model) }}
{% endfor %}
