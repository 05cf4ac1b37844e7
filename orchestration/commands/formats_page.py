"""`docs/formats.md`: what you have, and what you get for it.

`python -m orchestration.commands.formats_page`
"""

from collections.abc import Sequence
from pathlib import Path

from orchestration.catalogue.indicators import Entry, read_entries
from orchestration.catalogue.limits import filled
from orchestration.contract.formats import FORMATS, Gives
from orchestration.files import PROJECT, put_in_place
from orchestration.reference.tables import Reference
from orchestration.settings import settings

PAGE = "docs/formats.md"
_RETURNS = [name for name, each in FORMATS.items() if each.gives]
_HEAD = """\
# What you have, and what you get

Made from `orchestration/contract/formats.yml` and the catalogue by
`python -m orchestration.commands.formats_page`: do not edit.

Put the files into the drop folder as they are: in the folder of a month (`data/incoming/2026-04/`),
in a folder of your own below it, or beside the folders of months. What a file is, is seen from its
content, so its name does not matter. `make inspect FILES="…"` says what files are and what they
give before anything is loaded.

- Of a return only the time that it covers is used: of the SSDA903 return its year, of Annex A its
  six or twelve months. Several years of one return join; where two of them cover a day the newer
  wins. Of two returns that reach to the same day the one that goes further back gives a table.
- What looks back twelve months needs the returns of two years: no return knows the year before it.
- Where the month's folder holds the extract itself, the extract wins and the return is not used
  for it.
- What a return does not hold is not guessed: the indicator shows no figure, and the reason.
- No return has the population: `ref_population.csv` beside it gives the rates,
  `ref_pupil_headcount.csv` that of exclusions, and `ref_postcode_la.csv` the placements out of the
  borough.

| format | how it is told |
|---|---|
"""
_NO_FIGURE = (
    "Known, and of no use for any figure: the transfer files of schools (CTF, ATF), which have\n"
    "the pupils who change school. They are named as such, and nothing is read from them."
)
_LEGEND = (
    "✓ the same figures as from the extracts; blank: no figure.",
    "✓ last day: for the last day that it covers, as 30 September, and for no other. Of several\n"
    "such returns the newest gives its day; no average is made of days a year apart.",
    "A workbook or a packed file of extracts gives all that its extracts give.",
)
_TOLD = {
    "ssda903": "CSV files with the headers of the return in one folder or archive (.zip), a "
    "workbook with the sheets `header`, `episodes` and others of its tables, or XML with the root "
    "`EXPSSDA903`; 2019/20 to 2026/27",
    "annex_a": "a workbook with the sheets `List 1` to `List 11`",
    "cin_census": "XML with the root `Message` and the collection CIN; to 2026/27",
    "sen2": "XML with the root `Message` and the collection SEN2, person level",
    "workforce_census": "XML with the root `Message` and the collection CSWW; 2019 to 2026",
    "school_census": "XML with the root `Message` and the collection SC, 2020 to 2027: a folder "
    "for each census, with the files of all schools, and in them the exclusions of two terms. "
    "What a school excluded whose file is not there is in no figure",
    "daily_payload": "JSON files in one folder, lists of objects with `la_child_id`: every batch "
    "since the first that held all children; one that was saved later wins, `purge` takes out. "
    "Whom the script leaves out, as it may children of unknown birth, is in no figure",
    "sen_lists": "a workbook with the lists of the inspection of services for children with SEND",
    "extracts_workbook": "a workbook with sheets named as extracts",
    "extracts_packed": "`.zip` or `.csv.gz` with files named as extracts",
}


def formats_page(seeds: Path) -> str:
    """The page's text."""
    entries, limits = read_entries(seeds), Reference(seeds).limits
    lines = [_HEAD.rstrip("\n")]
    lines += [f"| {FORMATS[name].title} | {told} |" for name, told in _TOLD.items()]
    lines += ["", _NO_FIGURE, "", "## Indicators", "", *_LEGEND, ""]
    lines.append("| indicator | " + " | ".join(FORMATS[name].title for name in _RETURNS) + " |")
    lines.append("|---" * (len(_RETURNS) + 1) + "|")
    of_rows = [each for each in entries if each.told["source"] == "rows"]
    for entry in of_rows:
        marks = [_mark(FORMATS[name], entry.id) for name in _RETURNS]
        name = filled(str(entry.told["name"]), limits)
        lines.append(f"| {name} (`{entry.id}`) | " + " | ".join(marks) + " |")
    given = {each for name in _RETURNS for each in FORMATS[name].gives or ()}
    lines += ["", f"Together they give {len(given)} of {len(of_rows)} indicators.", ""]
    lines += ["## Why not", ""]
    for each in FORMATS.values():
        if each.without:
            lines += [f"### {each.title}", ""]
            lines += [f"- `{indicator}`: {why}." for indicator, why in each.without.items()] + [""]
    return "\n".join(lines).rstrip() + "\n"


def _mark(of: Gives, indicator_id: str) -> str:
    if not of.is_given(indicator_id):
        return ""
    return "✓ last day" if indicator_id in of.of_last_day else "✓"


def not_in(entries: Sequence[Entry]) -> list[str]:
    """What `formats.yml` says of indicators that the catalogue does not have."""
    known = {entry.id for entry in entries}
    named = {
        (name, each) for name, of in FORMATS.items() for each in (*(of.gives or ()), *of.without)
    }
    return sorted(f"{name}: {each}" for name, each in named if each not in known)


if __name__ == "__main__":
    with put_in_place(PROJECT / PAGE) as temporary:
        temporary.write_text(formats_page(settings.seeds), encoding="utf-8")
    print(f"wrote {PAGE}")
