"""The contract is complete in itself, and says what a return holds."""

from datetime import date

from orchestration.deliveries.contract import INDICATOR_RETURNS
from orchestration.deliveries.messages import CODES
from orchestration.deliveries.row_rules import remarks, rules


def test_a_return_has_the_columns_agreed_with_councils():
    assert INDICATOR_RETURNS.column_names == (
        "indicator_id",
        "geography_code",
        "period_type",
        "period_start",
        "period_end",
        "numerator",
        "denominator",
        "value",
        "source_note",
    )
    assert INDICATOR_RETURNS.file_name == "indicator_returns.csv"


def test_every_column_is_described_and_the_key_is_always_filled():
    columns = {column.name: column for column in INDICATOR_RETURNS.columns}
    assert len(columns) == len(INDICATOR_RETURNS.columns)
    assert all(column.description.endswith(".") for column in columns.values())
    assert all(columns[name].required for name in INDICATOR_RETURNS.key)


def test_every_rule_has_a_code_with_texts_and_names_columns_of_the_contract():
    for rule in rules(INDICATOR_RETURNS, date(2022, 3, 31)):
        assert CODES[rule.code].outcome == "quarantine", rule.code
        assert rule.column is None or (
            set(rule.column.split(", ")) <= set(INDICATOR_RETURNS.column_names)
        )
    assert {CODES[rule.code].outcome for rule in remarks(INDICATOR_RETURNS)} == {"warn"}
