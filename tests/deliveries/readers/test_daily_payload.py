"""Batches of the daily payload read back: the figures of the whole, or a reason."""

import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from orchestration.deliveries.readers.daily_payload import batches
from orchestration.deliveries.readers.daily_payload.payload import FORMAT
from orchestration.deliveries.readers.look import look_at
from orchestration.deliveries.readers.reading import Reading, Span
from orchestration.sample_council.returns.daily_payload import BATCH, write_daily_payload
from tests.deliveries.readers.as_delivered import AS_AT, SECRET, outcome

Extracts = Mapping[str, pd.DataFrame]


def test_changes_and_what_is_purged_come_to_what_is_sent_whole(
    extracts: Extracts, tmp_path: Path
) -> None:
    """Between the two nights two years' window moves on by one, so that much is purged."""
    nights = (date(2026, 2, 27), date(2026, 3, 30), AS_AT)
    files = write_daily_payload(extracts, tmp_path / "nightly", nights)
    sent = [json.loads(file.read_text()) for file in files]
    assert max(map(len, sent)) == BATCH
    assert any(len(child) == 2 and child.get("purge") for batch in sent for child in batch)
    joined = FORMAT.read({"json": files[::-1]})
    whole = FORMAT.read({"json": write_daily_payload(extracts, tmp_path / "whole", [AS_AT])})
    assert (joined.remarks, joined.council) == ((), "")
    assert set(joined.covers.values()) == {Span(date(2024, 4, 1), AS_AT)}
    assert {*joined.tables} == {*whole.tables}
    for name, rows in joined.tables.items():
        key = list(rows.columns)
        pd.testing.assert_frame_equal(
            rows.sort_values(key, ignore_index=True),
            whole.tables[name].sort_values(key, ignore_index=True),
        )


MONTHS = pd.period_range("2024-04", "2026-03", freq="M").strftime("%Y-%m")
ASSESSMENT = {
    "child_and_family_assessment_id": "A1",
    "start_date": "2026-02-09",
    "factors": ["1C"],
    "purge": False,
}
EPISODE = {
    "social_care_episode_id": "E1",
    "referral_date": "2026-02-05",
    "referral_source": "1A",
    "referral_no_further_action_flag": False,
    "child_and_family_assessments": [ASSESSMENT],
    "section_47_assessments": [
        {"section_47_assessment_id": "S1", "start_date": "2026-02-10", "icpc_date": "2026-02-24"}
    ],
    "child_protection_plans": [{"child_protection_plan_id": "P1", "start_date": "2026-02-24"}],
    "purge": False,
}
CLOSED = {"social_care_episode_id": "E1", "closure_date": "2026-03-02"}
DETAILS = {"surname": SECRET, "date_of_birth": "2015-02-01", "sex": "F", "purge": False}
ONLY_NEWS = {"la_child_id": "C1", "social_care_episodes": [CLOSED]}
CHILD = {"la_child_id": "C1", "child_details": DETAILS, "social_care_episodes": [EPISODE]}
OTHER = {
    "la_child_id": "C2",
    "child_details": DETAILS,
    "social_care_episodes": [
        {"social_care_episode_id": f"O{month}", "referral_date": f"{month}-03"} for month in MONTHS
    ],
}
LAST = {
    "la_child_id": "C3",
    "child_details": DETAILS,
    "social_care_episodes": [{"social_care_episode_id": "L", "referral_date": "2026-03-30"}],
}
FIRST = [CHILD, OTHER, LAST]


def saved(folder: Path, *contents: object) -> Mapping[str, Sequence[Path]]:
    """Batches of one night after another, the last that of 1 April; their names go back."""
    files = []
    for night, content in enumerate(contents):
        file = folder / f"{len(contents) - night}.json"
        text = content if isinstance(content, str | bytes) else json.dumps(content)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        moment = datetime(2026, 4, 1, 2, tzinfo=UTC).timestamp() - 86_400 * (
            len(contents) - 1 - night
        )
        os.utime(file, (moment, moment))
        files.append(file)
    return {"json": files}


def told(child: Any = CHILD, **changed: object) -> list[object]:
    return [{**child, **changed}, OTHER, LAST]


def episode(**changed: object) -> list[object]:
    return told(social_care_episodes=[{**EPISODE, **changed}])


@pytest.mark.parametrize(
    ("contents", "codes"),
    [
        ([FIRST], []),
        ([json.dumps(FIRST).encode("utf-16")], []),
        ([b"\xef\xbb\xbf" + json.dumps(FIRST).encode()], []),
        ([{"la_code": 999, "Children": FIRST}], []),
        ([{"la_code": 1, "Children": FIRST}, {"la_code": 2, "Children": []}], ["RETURN-COUNCIL"]),
        ([episode(closure_date=SECRET)], ["RETURN-CELL"]),
        ([episode(referral_date=SECRET)], ["RETURN-CELL", "RETURN-ROW"]),
        ([told(child_details=SECRET)], []),
        ([json.dumps(FIRST)[:-9]], ["RETURN-UNREADABLE"]),
        (["[" * 90_000], ["RETURN-UNREADABLE"]),
        ([json.dumps(FIRST), b"[\xff\xfe\x00]"], ["RETURN-UNREADABLE"]),
        ([FIRST * 40], ["RETURN-UNREADABLE"]),
        ([[*FIRST, SECRET]], ["RETURN-LAYOUT"]),
        ([[*FIRST, {"purge": True}]], ["RETURN-LAYOUT"]),
        ([told(social_care_episodes=SECRET)], ["RETURN-LAYOUT"]),
        ([told(social_care_episodes=[SECRET])], ["RETURN-LAYOUT"]),
        ([episode(child_protection_plans=[{"start_date": "2026-02-24"}])], ["RETURN-LAYOUT"]),
        ([told(social_care_episodes={"purge": False})], ["RETURN-LAYOUT"]),
        # changes, without what they change
        ([[*FIRST[1:], ONLY_NEWS]], ["RETURN-NOT-WHOLE"]),
        ([FIRST[:1] + FIRST[2:]], ["RETURN-NOT-WHOLE"]),
        ([[{"la_child_id": "C1", "purge": True}]], ["RETURN-LAYOUT"]),
    ],
)  # fmt: skip
def test_batches_are_read_or_say_why_not(
    contents: Sequence[object], codes: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        batches, "MAX_BYTES", 400_000 if codes != ["RETURN-UNREADABLE"] else 100_000
    )
    files = saved(tmp_path, *contents)
    assert codes or FORMAT.part_of(look_at(files["json"][0])) == "json"
    assert outcome(FORMAT.read, files) == codes


def ids(reading: Reading, extract: str) -> set[str]:
    rows = reading.tables[extract]
    return set(rows[rows.columns[0]])


def test_the_newest_word_on_each_level(tmp_path: Path) -> None:
    done = {"child_and_family_assessment_id": "A1", "authorisation_date": "2026-03-20"}
    change = {"social_care_episode_id": "E1", "child_and_family_assessments": [done]}
    changes = [{"la_child_id": "C1", "social_care_episodes": [change]}]
    reading = FORMAT.read(saved(tmp_path, FIRST, changes))
    rows = reading.tables["ssd_cin_assessments"]
    dates = rows[["cina_assessment_start_date", "cina_assessment_auth_date"]]
    assert dates.to_numpy().tolist() == [["2026-02-09", "2026-03-20"]]
    assert ids(reading, "ssd_s47_enquiry") == {"S1"}
    # told whole anew without its end: the assessment goes on
    reading = FORMAT.read(saved(tmp_path, FIRST, changes, [CHILD]))
    assert set(reading.tables["ssd_cin_assessments"]["cina_assessment_auth_date"]) == {""}
    # null is nothing
    none = [{"la_child_id": "C1", "social_care_episodes": [
        {"social_care_episode_id": "E1", "referral_source": None}]}]  # fmt: skip
    rows = FORMAT.read(saved(tmp_path, FIRST, none)).tables["ssd_cin_episodes"]
    assert rows.set_index("cine_referral_id")["cine_referral_source_code"]["E1"] == ""


@pytest.mark.parametrize(
    ("purged", "gone"),
    [
        ({"purge": True}, {"ssd_person", "ssd_cin_episodes", "ssd_cin_assessments"}),
        (
            {"social_care_episodes": [{"social_care_episode_id": "E1", "purge": True}]},
            {"ssd_cin_episodes", "ssd_cin_assessments"},
        ),
        (
            {
                "social_care_episodes": [
                    {
                        "social_care_episode_id": "E1",
                        "child_and_family_assessments": [
                            {"child_and_family_assessment_id": "A1", "purge": True}
                        ],
                    }
                ]
            },
            {"ssd_cin_assessments"},
        ),
    ],
)
def test_what_is_purged_is_gone_until_it_comes_again(
    purged: Mapping[str, object], gone: set[str], tmp_path: Path
) -> None:
    number = {"ssd_person": "C1", "ssd_cin_episodes": "E1", "ssd_cin_assessments": "A1"}
    change = [{"la_child_id": "C1", **purged}]
    reading = FORMAT.read(saved(tmp_path, FIRST, change))
    assert {name for name, of in number.items() if of not in ids(reading, name)} == gone
    reading = FORMAT.read(saved(tmp_path, FIRST, change, [CHILD]))
    assert all(of in ids(reading, name) for name, of in number.items())


def test_purged_details_leave_nobody_s_birth(tmp_path: Path) -> None:
    change = [{"la_child_id": "C1", "child_details": {"purge": True}}]
    rows = FORMAT.read(saved(tmp_path, FIRST, change)).tables["ssd_person"]
    assert rows.set_index("pers_person_id")["pers_dob"]["C1"] == ""
    assert SECRET not in rows.to_csv()
