{{ config(meta={'dagster': {'ref': {'name': 'stg_indicators'}}}) }}

{{ keys_hold({
    'stg_figures_ledger': 'figure_id, record_no',
    'stg_area_codes': 'any_code',
    'stg_breakdowns': 'indicator_id, breakdown',
    'stg_indicator_needs': 'indicator_id, need_no, extract_name',
    'stg_indicator_starts': 'indicator_id, starts_column',
    'stg_indicator_columns_filled': 'indicator_id, column_name',
    'stg_indicators': 'indicator_id',
    'stg_benchmarks': 'indicator_id, geography_code, period_start, period_end',
    'stg_targets': 'geography_code, indicator_id, valid_from',
    'stg_neighbours': 'neighbour_model, geography_code, neighbour_rank',
    'stg_editions': 'geography_code, as_at',
    'stg_indicator_returns': 'indicator_id, geography_code, period_type, period_start, period_end',
}) }}
