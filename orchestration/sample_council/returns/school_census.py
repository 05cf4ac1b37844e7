"""The school censuses of the sample council's schools."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from orchestration.sample_council.returns.known import known
from orchestration.sample_council.scene import OLD_LA_CODE

if TYPE_CHECKING:
    import pandas

SCHOOLS = {
    # number of the establishment: its phase, and what the extract calls it
    "2001": ("PS", "primary"),
    "2002": ("PS", "primary"),
    "4001": ("SS", "secondary"),
    "4002": ("SS", "secondary"),
    "7001": ("SP", "special"),
    "1101": ("PR", "pru"),
}
_ON = {"SPR": (1, 15), "SUM": (5, 21), "AUT": (10, 2)}
_PUPILS_ON_ROLL = 5


def write_school_census(
    tables: Mapping[str, "pandas.DataFrame"],
    folder: Path,
    year: int,
    term: str,
    terms: tuple[date, date],
) -> list[Path]:
    """A file for each school: a few pupils with suspensions, and everybody who was permanently
    excluded within the `terms`, first and last day, as was known five weeks after the census."""
    folder.mkdir(parents=True, exist_ok=True)
    on = date(year, *_ON[term])
    rows = known(tables, on + timedelta(days=35))["ext_exclusions"]
    day = rows["exclusion_start_date"].dt.date
    rows = rows[(day >= terms[0]) & (day <= terms[1])]
    files = []
    for number, (phase, name) in SCHOOLS.items():
        schools = [each for each, (_, of) in SCHOOLS.items() if of == name]
        own = [
            row
            for row in rows[rows["school_phase"] == name].to_dict("records")
            if schools[int(row["exclusion_id"][-5:]) % len(schools)] == number
        ]
        file = folder / f"{OLD_LA_CODE}{number}_SC{term}{year % 100}.xml"
        file.write_text(_message(number, phase, on, term, own, terms), encoding="utf-8")
        files.append(file)
    return files


def _message(
    number: str,
    phase: str,
    on: date,
    term: str,
    excluded: list[dict[str, "pandas.Timestamp"]],
    terms: tuple[date, date],
) -> str:
    source = {"SourceLevel": "S", "LEA": OLD_LA_CODE, "Estab": number}
    source["DateTime"] = f"{on + timedelta(days=35)}T10:00:00"
    about = {"Collection": "SC", "Term": term, "Year": str(on.year), "ReferenceDate": str(on)}
    there = "".join(
        _pupil(f"{number}{each}", "PupilOnRoll", _suspension(terms))
        for each in range(_PUPILS_ON_ROLL)
    )
    gone = "".join(
        _pupil(str(row["pupil_id"])[-5:], "PupilNoLongerOnRoll", _permanent(row))
        for row in excluded
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<Message><Header><CollectionDetails>'
        f"{_elements(about)}</CollectionDetails><Source>{_elements(source)}</Source></Header>\n"
        f"<School><SchoolCharacteristics>{_elements({'Phase': phase})}</SchoolCharacteristics>"
        f"</School>\n<Pupils><PupilsOnRoll>\n{there}</PupilsOnRoll>\n<PupilsNoLongerOnRoll>\n"
        f"{gone}</PupilsNoLongerOnRoll></Pupils></Message>\n"
    )


def _pupil(digits: str, tag: str, exclusion: str) -> str:
    """A made-up pupil, with a name that nobody has."""
    who = {"UPN": f"Z{digits:0>12}", "Surname": f"Sample {digits}", "Forename": "Synthetic"}
    who |= {"DOB": "2011-05-04", "Sex": "F"}
    return (
        f"<{tag}><PupilIdentifiers>{_elements(who)}</PupilIdentifiers><Exclusions>{exclusion}"
        f"</Exclusions></{tag}>\n"
    )


def _suspension(terms: tuple[date, date]) -> str:
    told = {"Category": "SUSP", "StartDate": str(terms[1]), "Sessions": "4"}
    return f"<TermlyExclusion>{_elements(told)}</TermlyExclusion>"


def _permanent(row: Mapping[str, "pandas.Timestamp"]) -> str:
    import pandas

    told = {"Category": "PERM", "StartDate": f"{row['exclusion_start_date']:%Y-%m-%d}"}
    if not pandas.isna(row["overturned_date"]):
        told["ReviewDate"] = told["ReinstatementDate"] = f"{row['overturned_date']:%Y-%m-%d}"
        told["ReviewResult"] = "E"
    return f"<TermlyExclusion>{_elements(told)}</TermlyExclusion>"


def _elements(cells: Mapping[str, str]) -> str:
    return "".join(f"<{name}>{escape(cell)}</{name}>" for name, cell in cells.items() if cell)
