"""A file held against what the other councils of a pool delivered: none of theirs counts twice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb

from orchestration.contract.extracts import Extract
from orchestration.deliveries.gate.gate import Gate
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger import ledger
from orchestration.deliveries.messages import CODES, Finding, finding
from orchestration.deliveries.readers.joining import PERSONS
from orchestration.deliveries.rows import archive
from orchestration.deliveries.rows.pseudonym import KeyUnusableError, pseudonym, read_key

# Two case systems may both count from 1; with the day of birth as well, half of them is no chance.
_SAMPLE = 200
_SAME = 0.5


@dataclass(frozen=True)
class OtherCouncil:
    """Another council of the pool: where its deliveries lie, and where its key is to be found."""

    paths: Paths
    environment: Mapping[str, str]


def same_file(
    others: Mapping[str, OtherCouncil], contract: Extract, gate: Gate
) -> Iterator[Finding]:
    """Whether these bytes were accepted for another council; what names no person may be shared."""
    if not any(column.person for column in contract.columns):
        return
    for code, other in others.items():
        receipts = ledger.by_extract(other.paths).get(contract.name, [])
        if any(each.sha256 == gate.sha256 and each.outcome == "accepted" for each in receipts):
            yield _of(code, "the same bytes")


def same_people(
    others: Mapping[str, OtherCouncil], contract: Extract, connection: duckdb.DuckDBPyConnection
) -> Iterator[Finding]:
    """Whether the people of the file that was just prepared are another council's: by identifier
    and day of birth, each hashed as that council's are."""
    if contract.name != PERSONS or not others:
        return
    people = connection.execute(
        """
        select delivered.pers_person_id, checked.pers_dob
        from delivered inner join checked on delivered.line_no = checked.line_no
        where checked.faults = '' and checked.pers_dob is not null
        order by delivered.line_no limit $most
        """,
        {"most": _SAMPLE},
    ).fetchall()
    for code, other in others.items():
        newest = ledger.last_accepted(ledger.by_extract(other.paths).get(PERSONS, ()))
        file = newest and other.paths.raw_file(PERSONS, newest.delivery_month)
        if not people or not file or not file.exists():
            continue
        try:
            key = read_key(other.paths.keys, other.environment, may_make=False)
        except KeyUnusableError:
            continue
        hashed = [(pseudonym(key, identifier.strip()), born) for identifier, born in people]
        connection.execute("create or replace temp table sample (person varchar, born date)")
        connection.executemany("insert into sample values (?, ?)", hashed)
        (known,) = archive.one_row(
            connection,
            f"""
            select count(*) from sample semi join ({archive.rows_of(file)}) as theirs
                on sample.person = theirs.pers_person_id and sample.born = theirs.pers_dob
            """,
        )
        if known >= _SAME * len(people):
            yield _of(code, "the same people")


def _of(code: str, what: str) -> Finding:
    return finding("COUNCIL-OTHER", what=f"{CODES['COUNCIL-OTHER'].what} {code}: {what}")
