{{ config(group='performance_analysts', meta={'dagster': {'ref': {'name': 'int_directions'}}}) }}

{{ keys_hold({
    'int_trend_series': 'indicator_id, geography_code, period_end',
    'int_control_limits': 'indicator_id, geography_code, period_end',
    'int_spans_compared': 'indicator_id, geography_code, period_end, span',
    'int_subject_effects': 'indicator_id, geography_code, financial_year',
    'int_dispersion': 'indicator_id, geography_code, period_end, span',
    'int_log_factorials': 'n',
    'int_directions': 'indicator_id, geography_code, period_end, span',
}) }}
