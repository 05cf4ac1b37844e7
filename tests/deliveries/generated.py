"""Files made up from the contract: right ones, and ones with faults in known places."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from orchestration.contract.extracts import EXTRACTS, Column, Extract

# Stands in every person identifier, postcode, free text and unknown column, and nowhere else.
SECRET = "Quillfeather"
AS_AT = date(2026, 3, 31)
_AUTHORITIES = ("841", "E06000005", "Darlington", "872", "702")


def good_rows(extract: Extract, random: Random, count: int) -> list[dict[str, str]]:
    """`count` rows that break no rule; keys are numbered, references point to the same numbers."""
    return [_row(extract, random, number, count) for number in range(count)]


def spoilt(
    extract: Extract, rows: Sequence[Mapping[str, str]], random: Random
) -> list[dict[str, str]]:
    """`rows` with some repeated, some emptied and some cells that are wrong in a chosen way."""
    out = [dict(row) for row in rows]
    for _ in range(random.randrange(1, 6)):
        row, column = random.choice(out), random.choice(extract.columns)
        kind = random.choice(["repeat", "blank", "empty", "nonsense", "far", "early", "number"])
        if kind == "repeat":
            out.insert(random.randrange(len(out) + 1), dict(row))
        elif kind == "blank":
            row.update(dict.fromkeys(row, ""))
        else:
            row[column.name] = {
                "empty": "",
                "nonsense": f"{SECRET} {random.randrange(99)}" if column.person else "nonsense!",
                "far": "2099-12-31",
                "early": "1970-01-01",
                "number": "123.0",
            }[kind]
    return out


def csv_bytes(names: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _row(extract: Extract, random: Random, number: int, count: int) -> dict[str, str]:
    row: dict[str, str] = {}
    for column in extract.columns:
        optional = not column.required and random.random() < 0.3
        row[column.name] = "" if optional else _cell(extract, column, random, number, count, row)
    return row


def _cell(
    extract: Extract,
    column: Column,
    random: Random,
    number: int,
    count: int,
    row: Mapping[str, str],
) -> str:
    in_key = column.name in extract.key
    if column.reference == "authority":
        return _AUTHORITIES[number] if number < len(_AUTHORITIES) else f"W{number:08}"
    if column.year:
        return f"{1990 + number}/{(1991 + number) % 100:02}"
    if column.refers_to:
        parent, _, name = column.refers_to.partition(".")
        return _number_of(EXTRACTS[parent], name, number if in_key else random.randrange(count))
    if in_key and column.type == "string":
        return _number_of(extract, column.name, number)
    if column.name == "vacancy_covered_by_agency_fte":
        return "0"
    if column.reference:
        return {"indicator": "referrals_count", "geography": "E06000005"}[column.reference]
    if column.type in ("date", "datetime"):
        return _date(column, random, number, row)
    if column.type == "code":
        code = random.choice(column.allowed)
        return random.choice([code, code.lower(), f" {code}"])
    if column.type == "flag":
        return random.choice(["Y", "yes", "1", "True", "N", "No", "0", "false", *column.allowed])
    if column.type == "json":
        return json.dumps({"NEW_REFERRAL_FLAG": "Y", "NFA_FLAG": "", "NOTE": SECRET})
    if column.type in ("integer", "decimal"):
        low, high = column.minimum or 0, column.maximum or 2030
        return str(random.randint(low, high))
    return _number_of(extract, column.name, number)


def _number_of(extract: Extract, name: str, number: int) -> str:
    """The text that stands for thing number `number`: the same in every extract."""
    column = next(column for column in extract.columns if column.name == name)
    if column.person or column.kept_as:
        return f"{SECRET}-{number}"
    return f"{name}-{number}"


def _date(column: Column, random: Random, number: int, row: Mapping[str, str]) -> str:
    if column.name in ("pers_dob", "pers_death_date"):  # nothing happens outside a life
        return "2012-05-01" if column.name == "pers_dob" else random.choice(["", "31/03/2026"])
    first = date(2020, 1, 1)
    if column.name == "snapshot_date":  # a month end, and part of a key
        return (date(2020 + number // 12, number % 12 + 1, 1) - timedelta(days=1)).isoformat()
    if column.name in ("role_start_date", "extracted_at"):  # parts of a key
        return (first + timedelta(days=number)).isoformat()
    if column.not_before:
        if not row[column.not_before]:
            return ""
        written = row[column.not_before][:10]
        if "/" in written:
            day, month, year = written.split("/")
            written = f"{year}-{month}-{day}"
        first = date.fromisoformat(written)
    day = min(AS_AT, first + timedelta(days=random.randrange(1500)))
    forms = ["%Y-%m-%d", "%d/%m/%Y"]
    if not column.not_before and column.type == "date":
        forms += ["%Y-%m-%d 00:00:00.0000000", "%Y-%m-%dT12:30:00Z"]
    return day.strftime(random.choice(forms))
