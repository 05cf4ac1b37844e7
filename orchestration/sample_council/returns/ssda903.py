"""The SSDA903 return of the sample council, as a set of CSV files and as XML."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from orchestration.sample_council.returns.standard_codes import (
    BRITISH,
    as_text,
    open_in,
    standard,
    year_begun,
)

if TYPE_CHECKING:
    import pandas

_DIED = "E2"
_HEADER = ("CHILDID", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB")
_IN_HEADER = {"reviews": "AREVIEW", "missing": "AMISSING"}
_EPISODE = (
    *("CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC"),
    *("REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN"),
)


def make_ssda903(
    tables: Mapping[str, "pandas.DataFrame"], as_at: date
) -> Mapping[str, "pandas.DataFrame"]:
    """Table -> rows of text, of the collection year around `as_at` as they stood on that day.

    Only what was so on or after 1 April is returned. Social workers are returned since 2023/24,
    deprivation of liberty orders since 2026/27; these are written of any year, so that reading them
    can be tried.
    """
    begun = year_begun(as_at)
    persons = standard(tables, "ssd_person").set_index("pers_person_id")
    episodes = _episodes(tables, persons, begun, as_at)
    children = persons.loc[episodes["CHILD"].drop_duplicates()]
    born = as_text(children["pers_dob"].fillna(children["pers_expected_dob"]), BRITISH)
    letters = begun.year >= 2024
    sex = children["pers_sex"].map({} if letters else {"M": "1", "F": "2"})
    header = {
        "CHILD": children.index,
        "SEX": (children["pers_sex"] if letters else sex).fillna(""),
        "DOB": born,
        "ETHNIC": children["pers_ethnicity"].fillna(""),
    }
    found = {"header": _frame(header, "UPN", "MOTHER", "MC_DOB"), "episodes": episodes}
    found["uasc"] = _asylum(tables, found["header"])
    found["reviews"] = _reviews(tables, born, begun, as_at)
    found["missing"] = _missing(tables, born, begun, as_at)
    if begun.year >= 2023:
        found["sw_episodes"] = _workers(tables, born, begun, as_at)
    found["dolo"] = _orders(tables, born, begun, as_at)
    return found


def write_ssda903(
    tables: Mapping[str, "pandas.DataFrame"], folder: Path, as_at: date
) -> list[Path]:
    """A CSV file for each table of the year around `as_at`."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for table, rows in make_ssda903(tables, as_at).items():
        written.append(folder / f"{table}.csv")
        rows.to_csv(written[-1], index=False, lineterminator="\r\n", encoding="utf-8")
    return written


def write_ssda903_xml(tables: Mapping[str, "pandas.DataFrame"], file: Path, as_at: date) -> Path:
    """The same as one XML file."""
    made = make_ssda903(tables, as_at)
    of_child = {
        table: dict(iter(rows.drop(columns=["DOB"], errors="ignore").groupby("CHILD")))
        for table, rows in made.items()
    }
    with file.open("w", encoding="utf-8", newline="\n") as lines:
        lines.write('<?xml version="1.0" encoding="UTF-8"?>\n<EXPSSDA903>')
        for row in made["header"].rename(columns={"CHILD": "CHILDID"}).to_dict("records"):
            child = row["CHILDID"]
            lines.write(f"<CHILD><HEADER>{_elements({name: row[name] for name in _HEADER})}")
            for asylum in _rows(of_child["uasc"], child):
                lines.write(_elements({"UASC": "1", "DUC": asylum["DUC"]}))
            for table, element in _IN_HEADER.items():
                for row in _rows(of_child[table], child):
                    lines.write(f"<{element}>{_elements(row)}</{element}>")
            lines.write("</HEADER>")
            for episode in _rows(of_child["episodes"], child):
                cells = {{"PLACE": "PL"}.get(name, name): cell for name, cell in episode.items()}
                lines.write(f"<EPISODE>{_elements(cells)}</EPISODE>")
            for worker in _rows(of_child.get("sw_episodes", {}), child):
                lines.write(f"<SWEPISODE>{_elements(worker)}</SWEPISODE>")
            for order in _rows(of_child.get("dolo", {}), child):
                lines.write(f"<DOLO>{_elements(order)}</DOLO>")
            lines.write("</CHILD>\n")
        lines.write("</EXPSSDA903>\n")
    return file


def _rows(of_child: Mapping[str, "pandas.DataFrame"], child: str) -> list[dict[str, str]]:
    rows = of_child.get(child)
    return [] if rows is None else rows.drop(columns="CHILD").to_dict("records")


def _elements(cells: Mapping[str, str]) -> str:
    return "".join(
        f"<{name}>{escape(cell)}</{name}>" if cell else f"<{name} />"
        for name, cell in cells.items()
    )


def _frame(cells: Mapping[str, object], *empty: str) -> "pandas.DataFrame":
    import pandas

    return pandas.DataFrame({**cells, **dict.fromkeys(empty, "")}).reset_index(drop=True)


def _episodes(
    tables: Mapping[str, "pandas.DataFrame"],
    persons: "pandas.DataFrame",
    begun: date,
    as_at: date,
) -> "pandas.DataFrame":
    """Episodes with their legal status and placement; a death ends what was left open."""
    rows = standard(tables, "ssd_cla_episodes").rename(
        columns={
            "clae_person_id": "CHILD",
            "clae_cla_episode_start_date": "starts",
            "clae_cla_episode_ceased_date": "ends",
            "clae_cla_episode_ceased_reason": "REC",
            "clae_cla_episode_start_reason": "RNE",
            "clae_cla_primary_need_code": "CIN",
        }
    )
    died = rows["CHILD"].map(persons["pers_death_date"])
    dies = died.notna() & ~(rows["ends"] <= died) & (rows["starts"] <= died)
    rows["ends"], rows["REC"] = rows["ends"].mask(dies, died), rows["REC"].mask(dies, _DIED)
    rows = open_in(rows, "starts", "ends", begun, as_at)
    rows["REC"] = rows["REC"].where(rows["ends"].notna())
    placements = standard(tables, "ssd_cla_placement").set_index("clap_cla_placement_id")
    placed = placements.reindex(rows["clae_cla_placement_id"]).set_axis(rows.index)
    made = rows.assign(
        DECOM=as_text(rows["starts"], BRITISH),
        DEC=as_text(rows["ends"], BRITISH),
        LS=_legal_status(tables, rows),
        PLACE=placed["clap_cla_placement_type"],
        PLACE_PROVIDER=placed["clap_cla_placement_provider"],
        PL_POST=placed["clap_cla_placement_postcode"],
        **dict.fromkeys(("REASON_PLACE_CHANGE", "HOME_POST", "URN"), ""),
    )
    return made[list(_EPISODE)].fillna("").reset_index(drop=True)


def _legal_status(
    tables: Mapping[str, "pandas.DataFrame"], rows: "pandas.DataFrame"
) -> "pandas.Series[str]":
    """That in which the episode begins, an order that is no care left out."""
    statuses = standard(tables, "ssd_legal_status")
    statuses = statuses[statuses["lega_legal_status"] != "other"]
    asked = rows.reset_index()[["index", "CHILD", "starts"]]
    both = asked.merge(statuses, left_on="CHILD", right_on="lega_person_id")
    ends = both["lega_legal_status_end_date"]
    stands = (both["lega_legal_status_start_date"] <= both["starts"]) & ~(ends <= both["starts"])
    return both[stands].groupby("index")["lega_legal_status"].last().reindex(rows.index)


def _asylum(
    tables: Mapping[str, "pandas.DataFrame"], header: "pandas.DataFrame"
) -> "pandas.DataFrame":
    rows = standard(tables, "ssd_immigration_status")
    rows = rows[rows["immi_immigration_status"] == "UASC"].set_index("immi_person_id")
    ceased = rows["immi_immigration_status_end_date"].groupby(level=0).max()
    found = header[header["CHILD"].isin(ceased.index)][["CHILD", "SEX", "DOB"]]
    return found.assign(DUC=as_text(found["CHILD"].map(ceased), BRITISH))


def _reviews(
    tables: Mapping[str, "pandas.DataFrame"],
    born: "pandas.Series[str]",
    begun: date,
    as_at: date,
) -> "pandas.DataFrame":
    """Reviews held in the year, the child present and speaking (PN1)."""
    episodes = tables["ssd_cla_episodes"].drop_duplicates("clae_cla_id")
    child_of = episodes.set_index("clae_cla_id")["clae_person_id"]
    rows = standard(tables, "ssd_cla_reviews")
    rows = rows.assign(CHILD=rows["clar_cla_id"].map(child_of))
    rows = open_in(rows, "clar_cla_review_date", "clar_cla_review_date", begun, as_at)
    rows = rows[rows["CHILD"].isin(born.index)]
    cells = {
        "CHILD": rows["CHILD"],
        "DOB": rows["CHILD"].map(born),
        "REVIEW": as_text(rows["clar_cla_review_date"], BRITISH),
        "REVIEW_CODE": "PN1",
    }
    return _frame(cells)


def _missing(
    tables: Mapping[str, "pandas.DataFrame"],
    born: "pandas.Series[str]",
    begun: date,
    as_at: date,
) -> "pandas.DataFrame":
    starts, ends = "miss_missing_episode_start_date", "miss_missing_episode_end_date"
    rows = standard(tables, "ssd_missing")
    rows = open_in(rows[rows["miss_person_id"].isin(born.index)], starts, ends, begun, as_at)
    cells = {
        "CHILD": rows["miss_person_id"],
        "DOB": rows["miss_person_id"].map(born),
        "MISSING": rows["miss_missing_episode_type"].map({"Missing": "M", "Away": "A"}).fillna(""),
        "MIS_START": as_text(rows[starts], BRITISH),
        "MIS_END": as_text(rows[ends], BRITISH),
    }
    return _frame(cells)


def _workers(
    tables: Mapping[str, "pandas.DataFrame"],
    born: "pandas.Series[str]",
    begun: date,
    as_at: date,
) -> "pandas.DataFrame":
    """The allocated social workers of the children, by their registration numbers."""
    rows = standard(tables, "ssd_involvements")
    rows = rows[rows["invo_professional_role_id"] == "allocated_social_worker"]
    rows = rows[rows["invo_person_id"].isin(born.index)]
    starts, ends = "invo_involvement_start_date", "invo_involvement_end_date"
    rows = open_in(rows, starts, ends, begun, as_at)
    workers = tables["ssd_professionals"].set_index("prof_professional_id")
    numbers = rows["invo_professional_id"].map(workers["prof_social_worker_registration_no"])
    cells = {
        "CHILD": rows["invo_person_id"],
        "DOB": rows["invo_person_id"].map(born),
        "SW_ID": numbers,
        "SW_DECOM": as_text(rows[starts], BRITISH),
        "SW_DEC": as_text(rows[ends], BRITISH),
        "SW_REASON": rows["invo_worker_change_reason"].where(rows[ends].notna()).fillna(""),
    }
    found = _frame(cells)
    return found[found["SW_ID"].notna()].drop_duplicates().reset_index(drop=True)


def _orders(
    tables: Mapping[str, "pandas.DataFrame"],
    born: "pandas.Series[str]",
    begun: date,
    as_at: date,
) -> "pandas.DataFrame":
    """Deprivation of liberty orders of the children."""
    rows = tables["ext_dolo"].drop_duplicates()
    rows = rows[rows["person_id"].isin(born.index)]
    rows = open_in(rows, "dolo_start_date", "dolo_end_date", begun, as_at)
    return _frame(
        {
            "CHILD": rows["person_id"],
            "DOB": rows["person_id"].map(born),
            "DOLO_START": as_text(rows["dolo_start_date"], BRITISH),
            "DOLO_END": as_text(rows["dolo_end_date"], BRITISH),
        }
    )
