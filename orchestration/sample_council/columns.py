"""The contract as the sample council needs it: the columns of each extract and their types."""

from collections.abc import Mapping

from orchestration.contract.extracts import ROW_LEVEL


def contract_columns() -> Mapping[str, Mapping[str, str]]:
    """Extract -> column -> type, in the order of the contract; without ready-made figures."""
    return {
        extract.name: {column.name: column.type for column in extract.columns}
        for extract in ROW_LEVEL
    }
