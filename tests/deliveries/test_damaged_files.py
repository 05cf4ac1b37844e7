"""Files that were damaged on the way: two readers agree on them, and every row is accounted for."""

import csv
import io
import random
from typing import Any

import pytest

from orchestration.contract.extracts import INDICATOR_RETURNS
from orchestration.deliveries.gate.gate import pass_gate
from orchestration.deliveries.rows.archive import connect
from orchestration.deliveries.rows.reader import read_strictly

# What a file may suffer: bytes cut out, put in, repeated or overwritten, or its end lost.
KINDS = ["cut", "insert", "repeat", "replace", "truncate"]
BITS = [b'"', b",", b"\n", b"\r\n", b"\r", b"\0", b"\xff", b'""', b" ", b"-9"]


def damage_of(seed: int) -> list[tuple[str, int, int, bytes]]:
    """One or two kinds of damage: what, where (per mille of the file), how long, with what."""
    chance = random.Random(seed)
    return [
        (
            chance.choice(KINDS),
            chance.randint(0, 1_000),
            chance.choice([0, 1, 1, 2, 5, 100]),
            chance.choice(BITS),
        )
        for _ in range(chance.choice([1, 2]))
    ]


def hundreds(some: int, many: int) -> list[Any]:
    """Numbers of hundreds of files: `some` of them always, `many` in all with make soak."""
    return [*range(some), *(pytest.param(n, marks=pytest.mark.soak) for n in range(some, many))]


def damaged(content: bytes, damage: list[tuple[str, int, int, bytes]]) -> bytes:
    for kind, place, length, bit in damage:
        start = place * len(content) // 1_000
        before, middle, after = content[:start], content[start:][:length], content[start + length :]
        content = {
            "cut": before + after,
            "insert": before + bit + middle + after,
            "repeat": before + middle + middle + after,
            "replace": before + bit + after,
            "truncate": before,
        }[kind]
    return content


@pytest.fixture(scope="module")
def short_file(returns):
    """Three good rows, one with a quoted note over two lines."""
    return returns(
        {"numerator": "48152"},
        {"numerator": "48153", "source_note": 'Zebedee,\n"himself"', "geography_code": "E06000041"},
        {"numerator": "48154", "period_start": "2019-08-01", "period_end": "2019-08-31"},
    )


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """A folder for the working copies and a connection for them all."""
    folder = tmp_path_factory.mktemp("read")
    with connect(folder) as connection:
        yield connection, folder


@pytest.mark.parametrize("hundred", hundreds(5, 60))
def test_damaged_files_are_refused_or_read_alike_cell_for_cell_by_another_reader(
    hundred, short_file, reader
):
    for seed in range(100 * hundred, 100 * hundred + 100):
        assert_read_alike(seed, short_file, reader)


def assert_read_alike(seed, short_file, reader):
    connection, folder = reader
    file = folder / INDICATOR_RETURNS.file_name
    file.write_bytes(damaged(short_file, damage_of(seed)))

    gate = pass_gate(file, INDICATOR_RETURNS)

    if not gate.accepted:
        assert len(gate.findings) == 1 and gate.lines == () and gate.content == b""
        return
    assert read_strictly(connection, gate, folder)
    names = ", ".join(name for name in gate.columns if name)
    read = connection.execute(f"select {names} from delivered order by line_no").fetchall()
    text = io.StringIO(gate.content.decode(), newline="")
    _, *rows = (row for row in csv.reader(text, strict=True) if row)
    assert read == [
        tuple(cell or None for cell, name in zip(row, gate.columns, strict=True) if name)
        for row in rows
    ]


@pytest.mark.parametrize(
    "seed", [*range(60), *(pytest.param(n, marks=pytest.mark.soak) for n in range(60, 600))]
)
def test_every_row_of_a_damaged_file_is_accounted_for_and_none_of_its_cells_is_told(
    seed, shared_desk, short_file, assert_promises
):
    content = damaged(short_file, damage_of(seed))
    # The ledger would grow with every example; nothing here depends on earlier ones.
    for receipt in shared_desk.paths.receipts.glob("2*.json"):
        receipt.unlink()

    receipt = shared_desk.deliver(content)

    assert_promises(shared_desk, receipt, content)
    if receipt.outcome == "accepted":
        assert len(shared_desk.accepted()) == receipt.loaded + receipt.stood_in


def test_the_damage_is_neither_always_noticed_nor_never(short_file, tmp_path):
    file = tmp_path / INDICATOR_RETURNS.file_name
    outcomes = set()
    for seed in range(150):
        file.write_bytes(damaged(short_file, damage_of(seed)))
        gate = pass_gate(file, INDICATOR_RETURNS)
        outcomes.add("accepted" if gate.accepted else gate.findings[0].code)
    assert "accepted" in outcomes
    assert len(outcomes) > 5, "the mutations reach many of the gate's rules"
