"""The daily payload of the sample council, as JSON in batches of a hundred children."""

import json
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.sample_council.returns.known import known
from orchestration.sample_council.returns.within_referrals import (
    begun_by,
    enquiries,
    own_plans,
    placed,
    referrals,
)

if TYPE_CHECKING:
    import pandas

Object = dict[str, Any]
Tables = Mapping[str, "pandas.DataFrame"]

BATCH = 100
_CHILD = "la_child_id"
_EPISODES = "social_care_episodes"
_EPISODE = {
    "social_care_episode_id": "cine_referral_id",
    "referral_date": "cine_referral_date",
    "referral_source": "cine_referral_source_code",
    "referral_no_further_action_flag": "cine_referral_nfa",
    "closure_date": "cine_close_date",
    "closure_reason": "cine_close_reason",
}
_ASSESSMENT = {
    "child_and_family_assessment_id": "cina_assessment_id",
    "start_date": "cina_assessment_start_date",
    "authorisation_date": "cina_assessment_auth_date",
}
_ENQUIRY = {
    "section_47_assessment_id": "s47e_s47_enquiry_id",
    "start_date": "s47e_s47_start_date",
    "icpc_required_flag": "held",
    "icpc_date": "icpc_icpc_date",
    "end_date": "s47e_s47_end_date",
}
_PLAN = {
    "child_protection_plan_id": "cppl_cp_plan_id",
    "start_date": "cppl_cp_plan_start_date",
    "end_date": "cppl_cp_plan_end_date",
}
_PLACEMENT = {
    "child_looked_after_placement_id": "clap_cla_placement_id",
    "start_date": "clap_cla_placement_start_date",
    "postcode": "clap_cla_placement_postcode",
    "placement_type": "clap_cla_placement_type",
    "end_date": "clap_cla_placement_end_date",
}


def write_daily_payload(tables: Tables, folder: Path, days: Sequence[date]) -> list[Path]:
    """Batches as they were sent in the night after each of the `days`: on the first all children,
    later those of whom something is new, with no more than that, and what is gone as purged."""
    folder.mkdir(parents=True, exist_ok=True)
    before: dict[str, Object] = {}
    files = []
    for day in days:
        now = payloads(tables, day)
        gone = [{_CHILD: child, "purge": True} for child in before if child not in now]
        told = [
            _changes(before[child], now[child]) if child in before else now[child]
            for child in now
            if before.get(child) != now[child]
        ]
        sent = [*gone, *told]
        saved = datetime.combine(day + timedelta(days=1), time(2), UTC).timestamp()
        for number, first in enumerate(range(0, len(sent), BATCH), 1):
            file = folder / f"payload {day} {number:03}.json"
            file.write_text(json.dumps(sent[first : first + BATCH]), encoding="utf-8")
            os.utime(file, (saved, saved))
            files.append(file)
        before = now
    return files


def payloads(tables: Tables, as_at: date) -> dict[str, Object]:
    """Child -> its payload on the day after `as_at`: what was open on or after the 1 April before
    the last two years, each event within the referral that it belongs to."""
    import pandas

    run = as_at + timedelta(days=1)
    begun = date(run.year - 2 - (run.month < 4), 4, 1)
    details = referrals(tables, begun, as_at).drop_duplicates("id")
    nested = _nested(tables, details, pandas.Timestamp(begun), as_at)
    of_child: dict[str, list[Object]] = defaultdict(list)
    for row in details.to_dict("records"):
        told = {name: events[row["id"]] for name, events in nested.items() if row["id"] in events}
        of_child[row["child"]].append(_told(row, _EPISODE) | told | {"purge": False})
    persons = known(tables, as_at)["ssd_person"].drop_duplicates("pers_person_id")
    found = {}
    for row in persons.to_dict("records"):
        child = row["pers_person_id"]
        if child in of_child and not _is_out(row, pandas.Timestamp(begun)):
            found[child] = _child(row) | {_EPISODES: of_child[child], "purge": False}
    return found


def _nested(
    tables: Tables, details: "pandas.DataFrame", begun: "pandas.Timestamp", as_at: date
) -> dict[str, dict[str, list[Object]]]:
    """List -> referral -> its events that were open on or after the day `begun`."""
    start, done = "cina_assessment_start_date", "cina_assessment_auth_date"
    assessments = begun_by(tables, "ssd_cin_assessments", start, done, as_at)
    assessments = assessments[(assessments[start] >= begun) | (assessments[done] >= begun)]
    asked, _ = enquiries(tables, as_at)
    over = (asked["s47e_s47_end_date"] < begun) & ~(asked["icpc_icpc_date"] >= begun)
    asked = asked.assign(held=asked["s47e_s47_nfa"].map({"Y": "N", "N": "Y"}))[~over]
    plans = own_plans(tables, as_at)
    plans = plans[~(plans["cppl_cp_plan_end_date"] < begun)]
    placements = known(tables, as_at)["ssd_cla_placement"]
    placements = placements[~(placements["clap_cla_placement_end_date"] < begun)]
    placements = placements.dropna(subset=["clap_cla_placement_start_date"]).assign(referral="")

    def within(
        rows: "pandas.DataFrame", names: Mapping[str, str], referral: str, child: str
    ) -> dict[str, list[Object]]:
        return _grouped(rows, placed(rows, details, referral, child, names["start_date"]), names)

    return {
        "child_and_family_assessments": within(
            assessments, _ASSESSMENT, "cina_referral_id", "cina_person_id"
        ),
        "section_47_assessments": within(asked, _ENQUIRY, "s47e_referral_id", "s47e_person_id"),
        "child_protection_plans": within(plans, _PLAN, "cppl_referral_id", "cppl_person_id"),
        "child_looked_after_placements": within(
            placements, _PLACEMENT, "referral", "clap_person_id"
        ),
    }


def _grouped(
    rows: "pandas.DataFrame", within: "pandas.Series[str]", names: Mapping[str, str]
) -> dict[str, list[Object]]:
    """Referral -> its events."""
    found: dict[str, list[Object]] = defaultdict(list)
    rows = rows.assign(within=within).dropna(subset=["within"])
    # siblings may share an event's number
    for row in rows.drop_duplicates(["within", next(iter(names.values()))]).to_dict("records"):
        found[row["within"]].append(_told(row, names) | {"purge": False})
    return found


def _child(row: Mapping[str, Any]) -> Object:
    """Who it is, with a made-up name that nobody has."""
    born = {"date_of_birth": "pers_dob", "expected_date_of_birth": "pers_expected_dob"}
    names = {"first_name": "Synthetic", "surname": f"Sample {row['pers_person_id'][-6:]}"}
    sex = row["pers_sex"] if row["pers_sex"] in ("M", "F") else "U"
    details = names | _told(row, born) | {"sex": sex} | _told(row, {"ethnicity": "pers_ethnicity"})
    details |= {"disabilities": ["NONE"], "uasc_flag": False, "purge": False}
    return {_CHILD: row["pers_person_id"], "child_details": details}


def _is_out(row: Mapping[str, Any], begun: "pandas.Timestamp") -> bool:
    """Whether somebody was 26 before it began; whose birth is not known is in."""
    import pandas

    born = row["pers_expected_dob"] if pandas.isna(row["pers_dob"]) else row["pers_dob"]
    return bool(born + pandas.DateOffset(years=26) <= begun)


def _told(row: Mapping[str, Any], names: Mapping[str, str]) -> Object:
    """Elements of a row, days as YYYY-MM-DD and answers as true or false; none for nothing."""
    import pandas

    found: Object = {}
    for name, column in names.items():
        value = row[column]
        if pandas.isna(value):
            continue
        if name.endswith("_flag"):
            found[name] = value == "Y"
        else:
            found[name] = f"{value:%Y-%m-%d}" if isinstance(value, pandas.Timestamp) else str(value)
    return found


def _changes(before: Object, now: Object) -> Object:
    """What is new of a child or an event, beside its number."""
    number = next(iter(now))
    found: Object = {number: now[number]}
    for name, value in now.items():
        was = before.get(name)
        if value == was:
            continue
        if isinstance(value, list) and value and isinstance(value[0], dict):
            found[name] = _changed(was or [], value)
        elif isinstance(value, dict):
            found[name] = {key: cell for key, cell in value.items() if (was or {}).get(key) != cell}
        else:
            found[name] = value
    for name, was in before.items():
        if name not in now and isinstance(was, list):
            found[name] = _changed(was, [])
    return found | {"purge": False}


def _changed(before: Sequence[Object], now: Sequence[Object]) -> list[Object]:
    number = next(iter((before or now)[0]))
    was = {each[number]: each for each in before}
    kept = {each[number] for each in now}
    gone = [{number: each, "purge": True} for each in was if each not in kept]
    told = [
        _changes(was[each[number]], each) if each[number] in was else each
        for each in now
        if was.get(each[number]) != each
    ]
    return [*gone, *told]
