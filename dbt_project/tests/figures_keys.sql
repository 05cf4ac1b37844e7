{{ config(group='performance_analysts', meta={'dagster': {'ref': {'name': 'int_figures'}}}) }}

{{ keys_hold({
    'int_indicator_months': 'indicator_id, month_start, breakdown, breakdown_value',
    'int_recounted_figures': 'figure_id',
    'int_unusable_rows': 'indicator_id',
    'int_unfilled_columns': 'indicator_id, as_at',
    'int_series': 'indicator_id',
    'int_row_figures': 'figure_id',
    'int_moved_figures': 'figure_id',
    'int_population': 'geography_code, measure, in_force_from',
    'int_returned_figures': 'indicator_id, geography_code, period_id',
    'int_rolled_up_returns': 'indicator_id, geography_code, period_id',
    'int_definitions': 'indicator_id',
    'int_current_figures': 'figure_id',
    'int_remembered_figures': 'figure_id',
    'int_figures': 'figure_id',
    'int_intervals': 'figure_id',
    'int_index': 'indicator_id, geography_code, period_id',
    'int_comparators': 'indicator_id, geography_code, comparator, neighbour_model, period_start, period_end',
    'int_benchmarks_in_force': 'indicator_id, geography_code, period_end',
    'int_editions': 'geography_code, as_at',
    'int_newest_figures': 'geography_code, as_at, indicator_id, period_type',
}) }}
