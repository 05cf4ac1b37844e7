"""The extracts that the tables of an SSDA903 return give.

A return does not say which episodes make a period of care, as the one that began it may stand in an
earlier return: those of a child are one period. Nor does it number placements: each episode is one,
of which one that begins with L goes on from the one before. What is given at 31 March alone (health
checks, care leavers), without its due day (reviews) or of children in care alone (missing
incidents, asylum seekers) is not read.
"""

from collections.abc import Mapping

import pandas as pd

from orchestration.deliveries.messages import Finding, finding
from orchestration.deliveries.readers.columns import (
    BRITISH,
    ISO,
    codes,
    days,
    iso,
    keys,
    no_days,
    refuse_month_first,
    text,
)
from orchestration.deliveries.readers.reading import Reading, UnreadableError
from orchestration.deliveries.readers.ssda903.tables import HAPPENED, NEEDED
from orchestration.deliveries.readers.ssda903.year import span

_SEXES = {"1": "M", "2": "F", "M": "M", "F": "F", "U": "U"}
_DIED = "E2"
Tables = Mapping[str, pd.DataFrame]


def reading(tables: Tables) -> Reading:
    """What the tables give: table -> rows of text, with their line in `line`.

    Raises `UnreadableError`.
    """
    _check(tables)
    remarks: list[Finding] = []
    known = {table: _typed(table, rows, remarks) for table, rows in tables.items()}
    covered = span(known)
    episodes = known["episodes"]
    known["episodes"] = episodes.assign(
        number=keys(episodes["CHILD"], iso(episodes["DECOM"])),
        care=_care(episodes),
        starts=iso(episodes["DECOM"]),
        ends=iso(episodes["DEC"]),
    )
    found = {
        "ssd_person": _persons(known),
        "ssd_cla_episodes": _episodes(known["episodes"]),
        "ssd_legal_status": _legal_statuses(known["episodes"]),
        "ssd_cla_placement": _placements(known["episodes"]),
    }
    if "sw_episodes" in known:
        found["ssd_involvements"] = _involvements(known["sw_episodes"], _left(known["episodes"]))
        found["ssd_professionals"] = _professionals(known["sw_episodes"])
    if "dolo" in known:
        found["ext_dolo"] = _orders(known["dolo"])
    return Reading(found, dict.fromkeys(found, covered), remarks=tuple(remarks))


def _check(tables: Tables) -> None:
    for table, needed in NEEDED.items():
        if table not in tables:
            if table == "sw_episodes":
                continue
            raise UnreadableError(finding("RETURN-LAYOUT", what=f"the table {table} is not there"))
        for name in needed:
            if name not in tables[table]:
                what = f"the table {table} has no column of this name"
                raise UnreadableError(finding("RETURN-LAYOUT", column=name, what=what))


def _typed(table: str, rows: pd.DataFrame, remarks: list[Finding]) -> pd.DataFrame:
    """The table's rows that have a child and a first day, with days as days."""
    dated = [name for name in (*HAPPENED.get(table, ()), "DOB") if name in rows]
    for name in dated:
        refuse_month_first(rows[name].unique(), name)
    read = pd.DataFrame({name: days(rows[name], BRITISH, ISO) for name in dated}, index=rows.index)
    remarks += no_days(rows, f"the table {table}", dated, read)
    rows = rows.assign(**read, CHILD=text(rows["CHILD"]))
    lacking = rows["CHILD"] == ""
    for name in HAPPENED.get(table, ())[:1]:
        lacking |= rows[name].isna() if name in rows else True
    if lacking.any():
        line, count = int(rows.loc[lacking, "line"].iloc[0]), int(lacking.sum())
        what = f"the table {table}: a row without a child or its first day; it is left out"
        remarks.append(finding("RETURN-ROW", line=line, what=what, count=count))
        rows = rows[~lacking]
    return rows


def _persons(known: Tables) -> pd.DataFrame:
    """Children of the header, and those that only another table names."""
    header, episodes = known["header"], known["episodes"]
    died = episodes[codes(episodes["REC"]) == _DIED].groupby("CHILD")["DEC"].min()
    others = [rows["CHILD"] for table, rows in known.items() if table != "header"]
    strangers = pd.concat([header["CHILD"], *others], ignore_index=True).drop_duplicates()
    strangers = strangers[strangers.index >= len(header)]
    persons = pd.DataFrame(
        {
            "pers_person_id": header["CHILD"],
            "pers_dob": iso(header["DOB"]),
            "pers_sex": codes(header["SEX"]).map(_SEXES).fillna(""),
        }
    )
    if "ETHNIC" in header:
        persons["pers_ethnicity"] = codes(header["ETHNIC"])
    persons = pd.concat([persons, pd.DataFrame({"pers_person_id": strangers})])
    persons = persons.fillna("").reset_index(drop=True)
    deaths = died.reindex(persons["pers_person_id"]).set_axis(persons.index)
    return persons.assign(pers_death_date=iso(deaths))


def _episodes(rows: pd.DataFrame) -> pd.DataFrame:
    found = pd.DataFrame(
        {
            "clae_cla_episode_id": rows["number"],
            "clae_person_id": rows["CHILD"],
            "clae_cla_id": rows["care"],
            "clae_cla_placement_id": rows["number"].where(codes(rows["PLACE"]) != "", ""),
            "clae_cla_episode_start_date": rows["starts"],
            "clae_cla_episode_start_reason": codes(rows["RNE"]),
            "clae_cla_episode_ceased_date": rows["ends"],
            "clae_cla_episode_ceased_reason": codes(rows["REC"]),
        }
    )
    return found.assign(clae_cla_primary_need_code=codes(rows["CIN"])) if "CIN" in rows else found


def _legal_statuses(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows[codes(rows["LS"]) != ""]
    return pd.DataFrame(
        {
            "lega_legal_status_id": rows["number"],
            "lega_person_id": rows["CHILD"],
            "lega_legal_status": codes(rows["LS"]),
            "lega_legal_status_start_date": rows["starts"],
            "lega_legal_status_end_date": rows["ends"],
        }
    )


def _placements(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows[codes(rows["PLACE"]) != ""]
    found = pd.DataFrame(
        {
            "clap_cla_placement_id": rows["number"],
            "clap_cla_id": rows["care"],
            "clap_person_id": rows["CHILD"],
            "clap_cla_placement_start_date": rows["starts"],
            "clap_cla_placement_end_date": rows["ends"],
            "clap_cla_placement_type": codes(rows["PLACE"]),
        }
    )
    if "PLACE_PROVIDER" in rows:
        found["clap_cla_placement_provider"] = codes(rows["PLACE_PROVIDER"])
    if "PL_POST" in rows:
        found["clap_cla_placement_postcode"] = codes(rows["PL_POST"])
    return found


def _care(rows: pd.DataFrame) -> "pd.Series[str]":
    """The period of care, one for each child."""
    places, children = pd.factorize(rows["CHILD"])
    return keys(pd.Series(children)).take(places).set_axis(rows.index)


def _left(episodes: pd.DataFrame) -> "pd.Series[str]":
    """Child -> the day on which care ended, of those who are in care no more."""
    ends = episodes.groupby("CHILD")["ends"].agg(["min", "max"])
    return ends.loc[ends["min"] != "", "max"]


def _involvements(rows: pd.DataFrame, left: "pd.Series[str]") -> pd.DataFrame:
    """All of them of the allocated social worker, as nobody else is returned. Of a child who has
    left care the next return says nothing more: there they end with it, if they had begun."""
    worker, ends = text(rows["SW_ID"]), iso(rows["SW_DEC"])
    until = rows["CHILD"].map(left).fillna("")
    ends = ends.where((ends != "") | (until < iso(rows["SW_DECOM"])), until)
    found = pd.DataFrame(
        {
            "invo_involvements_id": keys(rows["CHILD"], worker, iso(rows["SW_DECOM"])),
            "invo_person_id": rows["CHILD"],
            "invo_professional_id": worker,
            "invo_professional_role_id": "allocated_social_worker",
            "invo_involvement_start_date": iso(rows["SW_DECOM"]),
            "invo_involvement_end_date": ends,
        }
    )
    if "SW_REASON" in rows:
        found["invo_worker_change_reason"] = codes(rows["SW_REASON"])
    return found


def _orders(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person_id": rows["CHILD"],
            "dolo_start_date": iso(rows["DOLO_START"]),
            "dolo_end_date": iso(rows["DOLO_END"]) if "DOLO_END" in rows else "",
        }
    )


def _professionals(rows: pd.DataFrame) -> pd.DataFrame:
    """A worker's number in the return is that of the registration."""
    worker = text(rows["SW_ID"])
    worker = worker[(worker != "") & ~worker.str.upper().duplicated()]
    return pd.DataFrame(
        {"prof_professional_id": worker, "prof_social_worker_registration_no": worker}
    )
