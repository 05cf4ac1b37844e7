"""The payload of the private beta of daily data: what the batches of a folder give.

It has what was open on or after the 1 April before the last two years, and does not say so itself:
its last day is that of the newest event, its first is reckoned from the day on which the newest
batch was saved. Plans and placements are not read, as no figure can be made of them: a plan that
was left open at a child's death looks open, and a short break like care.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.readers.columns import ISO, codes, days, iso, keys, no_days
from orchestration.deliveries.readers.daily_payload.batches import (
    CHILD,
    EPISODES,
    Object,
    children_of,
)
from orchestration.deliveries.readers.last_day import last_day
from orchestration.deliveries.readers.reading import (
    Format,
    Look,
    Reading,
    Span,
    UnreadableError,
)

_YEARS_BACK = 2
_ANSWERS = {"TRUE": "Y", "FALSE": "N", "1": "Y", "0": "N"}
_EVENTS: Mapping[str, tuple[str, ...]] = {
    EPISODES: (
        *("referral_date", "referral_source", "referral_no_further_action_flag"),
        *("closure_date", "closure_reason"),
    ),
    "child_and_family_assessments": ("start_date", "authorisation_date"),
    "section_47_assessments": ("start_date", "icpc_date"),
}
_FIRST = {EPISODES: "referral_date"}
_DETAILS = ("date_of_birth", "expected_date_of_birth", "sex", "ethnicity")
Frames = Mapping[str, pd.DataFrame]


def part_of(look: Look) -> str:
    is_json = look.text.lstrip("\ufeff \t\r\n").startswith(("[", "{"))
    return "json" if is_json and f'"{CHILD}"' in look.text else ""


def read(files: Mapping[str, Sequence[Path]]) -> Reading:
    """The batches of one folder. Raises `UnreadableError`."""
    known, councils = children_of(files["json"])
    if len(councils) > 1:
        raise UnreadableError(finding("RETURN-COUNCIL", what="batches of more than one council"))
    saved = max(file.stat().st_mtime for file in files["json"])
    remarks: list[Finding] = []
    frames = {name: _frame(name, known, remarks) for name in _EVENTS}
    covered = _span(frames, datetime.fromtimestamp(saved, UTC).date())
    found = {"ssd_person": _persons(known, remarks), **_extracts(frames)}
    return Reading(found, dict.fromkeys(found, covered), next(iter(councils), ""), tuple(remarks))


def _frame(name: str, known: Mapping[str, Object], remarks: list[Finding]) -> pd.DataFrame:
    """The events of a list, each with its child, its episode, its number, days as days.

    Raises `UnreadableError` for one without a first day: only what has changed was told of it, and
    the batch is missing that has the rest.
    """
    columns = ["line", "child", "episode", "number", *_EVENTS[name]]
    frame = pd.DataFrame(_rows(name, known), columns=columns, dtype=object).fillna("")
    dated = [column for column in _EVENTS[name] if column.endswith("_date")]
    first = _FIRST.get(name, "start_date")
    lacking = frame[first] == ""
    if lacking.any():
        line, count = int(frame.loc[lacking, "line"].iloc[0]), int(lacking.sum())
        what = f"the list {name}: {first} is not there, so that it is told in part only"
        raise UnreadableError(finding("RETURN-NOT-WHOLE", line=line, what=what, count=count))
    read = pd.DataFrame({column: days(frame[column], ISO) for column in dated}, index=frame.index)
    remarks += no_days(frame, f"the list {name}", dated, read)
    frame = frame.assign(**read)
    lacking = frame[first].isna()
    if lacking.any():
        line, count = int(frame.loc[lacking, "line"].iloc[0]), int(lacking.sum())
        what = f"the list {name}: no first day that can be read; it is left out"
        remarks.append(finding("RETURN-ROW", line=line, column=first, what=what, count=count))
    return frame[~lacking].reset_index(drop=True)


def _rows(name: str, known: Mapping[str, Object]) -> Iterator[tuple[object, ...]]:
    for line, (child, told) in enumerate(known.items(), 1):
        for episode, of_episode in told.get(EPISODES, {}).items():
            within = {episode: of_episode} if name == EPISODES else of_episode.get(name, {})
            for number, event in within.items():
                cells = (_cell(event.get(column)) for column in _EVENTS[name])
                yield str(line), child, episode, number, *cells


def _cell(value: Any) -> str:
    """Text, a number or an answer as text; nothing for whatever else stands there."""
    return str(value) if isinstance(value, str | int | float) else ""


def _span(frames: Frames, saved_on: date) -> Span:
    """Raises `UnreadableError` where the batches cannot be all that the council sent."""
    happened = [
        iso(frame[name]) for frame in frames.values() for name in frame if name.endswith("_date")
    ]
    as_at = last_day(happened, saved_on)
    if as_at is None:
        raise UnreadableError(finding("RETURN-LAYOUT", what="there is no event in it"))
    begun = date(saved_on.year - _YEARS_BACK - (saved_on.month < 4), 4, 1)
    referred = frames[EPISODES]["referral_date"].dt.strftime("%Y-%m")
    wanted = pd.period_range(begun, as_at, freq="M").strftime("%Y-%m")[:-1]
    if begun > as_at or not set(wanted) <= set(referred):
        what = "months without a referral in the two years that it should have"
        raise UnreadableError(finding("RETURN-NOT-WHOLE", column="referral_date", what=what))
    return Span(begun, as_at)


def _persons(known: Mapping[str, Object], remarks: list[Finding]) -> pd.DataFrame:
    told = []
    for line, (child, each) in enumerate(known.items(), 1):
        details = each.get("child_details")
        cells = details if isinstance(details, dict) else {}
        told.append((str(line), child, *(_cell(cells.get(name)) for name in _DETAILS)))
    rows = pd.DataFrame(told, columns=["line", "child", *_DETAILS], dtype=object).fillna("")
    born = ["date_of_birth", "expected_date_of_birth"]
    read = pd.DataFrame({name: days(rows[name], ISO) for name in born}, index=rows.index)
    remarks += no_days(rows, "the object child_details", born, read)
    sex = codes(rows["sex"])
    return pd.DataFrame(
        {
            "pers_person_id": rows["child"],
            "pers_dob": iso(read["date_of_birth"]),
            "pers_expected_dob": iso(read["expected_date_of_birth"]),
            "pers_sex": sex.where(sex.isin(["M", "F"]), "U"),
            "pers_ethnicity": codes(rows["ethnicity"]),
        }
    )


def _extracts(frames: Frames) -> dict[str, pd.DataFrame]:
    episodes, assessments = frames[EPISODES], frames["child_and_family_assessments"]
    enquiries = frames["section_47_assessments"]
    held = enquiries[enquiries["icpc_date"].notna()]
    return {
        "ssd_cin_episodes": pd.DataFrame(
            {
                "cine_referral_id": episodes["number"],
                "cine_person_id": episodes["child"],
                "cine_referral_date": iso(episodes["referral_date"]),
                "cine_referral_source_code": codes(episodes["referral_source"]),
                "cine_referral_nfa": codes(episodes["referral_no_further_action_flag"])
                .map(_ANSWERS)
                .fillna(""),
                "cine_close_date": iso(episodes["closure_date"]),
                "cine_close_reason": codes(episodes["closure_reason"]),
            }
        ),
        "ssd_cin_assessments": pd.DataFrame(
            {
                "cina_assessment_id": assessments["number"],
                "cina_person_id": assessments["child"],
                "cina_referral_id": assessments["episode"],
                "cina_assessment_start_date": iso(assessments["start_date"]),
                "cina_assessment_auth_date": iso(assessments["authorisation_date"]),
            }
        ),
        "ssd_s47_enquiry": pd.DataFrame(
            {
                "s47e_s47_enquiry_id": enquiries["number"],
                "s47e_person_id": enquiries["child"],
                "s47e_referral_id": enquiries["episode"],
                "s47e_s47_start_date": iso(enquiries["start_date"]),
            }
        ),
        "ssd_initial_cp_conference": pd.DataFrame(
            {
                "icpc_icpc_id": keys(held["child"], held["number"]),
                "icpc_s47_enquiry_id": held["number"],
                "icpc_person_id": held["child"],
                "icpc_referral_id": held["episode"],
                "icpc_icpc_transfer_in": "N",
                "icpc_icpc_date": iso(held["icpc_date"]),
            }
        ),
    }


FORMAT = Format("daily_payload", part_of, read, is_set=True)
