"""The SSDA903 return read back: the figures of the whole, or a reason."""

from collections.abc import Mapping
from datetime import date
from io import StringIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd
import pytest

from orchestration.deliveries.readers import xml_records
from orchestration.deliveries.readers.formats import recognised
from orchestration.deliveries.readers.look import look_at
from orchestration.deliveries.readers.reading import Reading, Span, UnreadableError
from orchestration.deliveries.readers.ssda903 import csv_set, in_one_file, xml_file
from orchestration.deliveries.readers.ssda903.tables import HAPPENED
from orchestration.sample_council.returns.ssda903 import (
    make_ssda903,
    write_ssda903,
    write_ssda903_xml,
)
from orchestration.sample_council.returns.standard_codes import BRITISH
from tests.deliveries.readers.as_delivered import (
    AS_AT,
    SECRET,
    Figures,
    accepted,
    differences,
    given,
    months,
    outcome,
)
from tests.figures.compiled import Compiled

YEAR_BEFORE = date(2025, 3, 31)
Extracts = Mapping[str, pd.DataFrame]
OF_TWELVE_MONTHS = {
    "cic_more_than_one_sw_12m_pct",
    "cic_three_plus_sw_12m_pct",
    "cic_three_plus_placements_12m_pct",
}
# of which a small council has none in the first months
FEW = {"cic_dolo_count"}


def read_csv(extracts: Extracts, folder: Path, as_at: date) -> Reading:
    files = write_ssda903(extracts, folder, as_at)
    return csv_set.read({file.stem: [file] for file in files})


def read_xml(extracts: Extracts, folder: Path, as_at: date) -> Reading:
    folder.mkdir()
    return xml_file.read({"xml": [write_ssda903_xml(extracts, folder / "903.xml", as_at)]})


def read_archive(extracts: Extracts, folder: Path, as_at: date) -> Reading:
    with ZipFile(folder.with_suffix(".zip"), "w", ZIP_DEFLATED) as packed:
        for file in write_ssda903(extracts, folder, as_at):
            packed.write(file, f"export/of/{file.name}")
    return as_seen(folder.with_suffix(".zip"))


def read_workbook(extracts: Extracts, folder: Path, as_at: date) -> Reading:
    """Days, numbers and words as a spreadsheet has them after it has opened the files."""
    with pd.ExcelWriter(folder.with_suffix(".xlsx"), engine="xlsxwriter") as writer:
        for table, rows in make_ssda903(extracts, as_at).items():
            days = [name for name in (*HAPPENED.get(table, ()), "DOB") if name in rows]
            dated = {name: pd.to_datetime(rows[name], format=BRITISH) for name in days}
            title = table.replace("_", " ").title()
            rows.assign(**dated).to_excel(writer, sheet_name=title, index=False, startrow=2)
    return as_seen(folder.with_suffix(".xlsx"))


def as_seen(file: Path) -> Reading:
    """By what is seen of it alone."""
    look = look_at(file)
    found = recognised(look) if look else None
    assert found and found[0].name == "ssda903"
    return found[0].read({found[1]: [file]})


@pytest.mark.parametrize("read", [read_csv, read_xml, read_archive, read_workbook])
def test_one_return_gives_the_figures_of_its_year_as_the_whole_does(
    read, compiled: Compiled, whole: Figures, extracts: Extracts, tmp_path: Path
) -> None:
    reading = read(extracts, tmp_path / "903", AS_AT)
    assert reading.remarks == ()
    assert set(reading.covers.values()) == {Span(date(2025, 4, 1), AS_AT)}
    ours = Figures(compiled, accepted(tmp_path, [reading], extracts)).of(given("ssda903"))
    found = differences(ours, whole.all)
    assert found.empty, found.to_string()
    year = {f"{month:%Y-%m}" for month in pd.date_range("2025-04-01", AS_AT, freq="ME")}
    for indicator in set(given("ssda903")) - OF_TWELVE_MONTHS - FEW:
        assert months(ours, indicator) == year, indicator
    for indicator in FEW:
        assert set() < months(ours, indicator) <= year, indicator
    for indicator in OF_TWELVE_MONTHS:
        assert months(ours, indicator) == set(), f"{indicator}: no return knows the year before it"


def test_two_years_join_and_give_twelve_months_back(
    compiled: Compiled, whole: Figures, extracts: Extracts, tmp_path: Path
) -> None:
    readings = [
        read_csv(extracts, tmp_path / "2025", YEAR_BEFORE),
        read_xml(extracts, tmp_path / "2026", AS_AT),
    ]
    ours = Figures(compiled, accepted(tmp_path, readings, extracts)).of(given("ssda903"))
    found = differences(ours, whole.all)
    assert found.empty, found.to_string()
    assert set(ours["indicator_id"]) == set(given("ssda903"))
    for indicator in given("ssda903"):
        first = "2025-04" if indicator in OF_TWELVE_MONTHS else "2024-04"
        assert min(months(ours, indicator)) == first, indicator
        assert max(months(ours, indicator)) == "2026-03", indicator


HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nÅ-1,1,01/02/2012,WBRI,,,\n"
FIRST = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
)
ROW = "Å-1,05/06/2025,S,C2,N1,U4,PR1,28/03/2026,E4A,,QQ1 1QQ,QQ1 1QQ,"
EPISODES = f"{FIRST}\n{ROW}\n"


def delivered(folder: Path, **tables: str | bytes) -> dict[str, list[Path]]:
    files = {}
    for table, content in tables.items():
        file = folder / f"{table}.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        files[table] = [file]
    return files


@pytest.mark.parametrize(
    ("episodes", "codes"),
    [
        (EPISODES, []),
        (EPISODES.encode("cp1252"), []),
        (EPISODES.encode("utf-16"), []),
        (EPISODES.encode("utf-8-sig").replace(b"\n", b"\r\n"), []),
        (EPISODES.replace("DECOM", " decom "), []),
        (EPISODES.replace(",URN\n", ",URN,OUR_OWN\n").replace(",\n", f",,{SECRET}\n"), []),
        (f"{EPISODES},,,,,,,,,,,,\n\n", []),
        (EPISODES.replace("\n", ",\n").replace("URN,\n", "URN\n"), []),
        (EPISODES.replace("05/06/2025", "2025-06-05"), []),
        (f"{EPISODES}{ROW.replace('05/06/2025', SECRET)}\n", ["RETURN-CELL", "RETURN-ROW"]),
        (f"{EPISODES}{ROW.replace('28/03/2026', '31/02/2026')}\n", ["RETURN-CELL"]),
        (f"{EPISODES}{ROW.replace('Å-1', '')}\n", ["RETURN-ROW"]),
        (EPISODES.replace("RNE", "RME"), ["RETURN-LAYOUT"]),
        (EPISODES.replace("URN", "DEC"), []),
        (EPISODES.replace("URN", "Dec"), ["RETURN-LAYOUT"]),
        (f"{FIRST}\n", ["RETURN-YEAR"]),
        (EPISODES.replace("/20", "/19"), ["RETURN-YEAR"]),
        (EPISODES.replace("2026", "2062"), ["RETURN-YEAR"]),
        (f"{EPISODES}{ROW},{SECRET}\n{SECRET},,,,,,,,,,,,,,,,\n", ["RETURN-UNREADABLE"]),
        (f'{EPISODES}"{SECRET}', ["RETURN-UNREADABLE"]),
        (b"", ["RETURN-UNREADABLE"]),
        (b"PK\x03\x04" + bytes(range(256)) * 40, ["RETURN-UNREADABLE"]),
        (EPISODES.replace(",", ";"), ["RETURN-LAYOUT"]),
    ],
)
def test_a_set_of_files_is_read_or_says_why_not(
    episodes: str | bytes, codes: list[str], tmp_path: Path
) -> None:
    files = delivered(tmp_path, header=HEADER, episodes=episodes)
    assert outcome(csv_set.read, files) == codes


def test_what_is_lacking_or_there_twice_is_said(tmp_path: Path) -> None:
    files = delivered(tmp_path, header=HEADER, episodes=EPISODES)
    assert outcome(csv_set.read, {"episodes": files["episodes"]}) == ["RETURN-LAYOUT"]
    twice = files | {"episodes": files["episodes"] * 2}
    assert outcome(csv_set.read, twice) == ["RETURN-LAYOUT"]
    gone = files | {"header": [tmp_path / "gone.csv"]}
    assert outcome(csv_set.read, gone) == ["RETURN-UNREADABLE"]


def test_in_one_file_each_table_is_there_once_and_the_rest_is_said(tmp_path: Path) -> None:
    def packed(**members: str | bytes) -> dict[str, list[Path]]:
        with ZipFile(tmp_path / "a.zip", "w") as archive:
            for name, content in members.items():
                archive.writestr(f"{name}.csv", content)
        return {"zip": [tmp_path / "a.zip"]}

    read = in_one_file.read
    assert outcome(read, packed(a=HEADER, b=EPISODES.encode("utf-16"))) == []
    assert outcome(read, packed(a=HEADER, b=EPISODES, c=f"{SECRET},1\n")) == ["RETURN-PART"]
    assert outcome(read, packed(a=HEADER, b=EPISODES, c=EPISODES)) == ["RETURN-LAYOUT"]
    assert outcome(read, packed(b=EPISODES)) == ["RETURN-LAYOUT"]
    more = f"{EPISODES}{ROW},{SECRET}\n{SECRET},,,,,,,,,,,,,,,,\n"
    assert outcome(read, packed(a=HEADER, b=more)) == ["RETURN-UNREADABLE"]
    (tmp_path / "a.zip").write_bytes((tmp_path / "a.zip").read_bytes()[:-40])
    assert outcome(read, {"zip": [tmp_path / "a.zip"]}) == ["RETURN-UNREADABLE"]


def test_a_workbook_of_the_tables_is_read_or_says_why_not(tmp_path: Path) -> None:
    header, episodes = (pd.read_csv(StringIO(each), dtype=str) for each in (HEADER, EPISODES))

    def saved(**sheets: pd.DataFrame) -> dict[str, list[Path]]:
        with pd.ExcelWriter(tmp_path / "a.xlsx", engine="xlsxwriter") as writer:
            for name, rows in sheets.items():
                rows.to_excel(writer, sheet_name=name, index=False)
        return {"workbook": [tmp_path / "a.xlsx"]}

    read = in_one_file.read
    notes = pd.DataFrame({SECRET: [SECRET]})
    assert outcome(read, saved(Header=header, EPISODES=episodes)) == []
    assert outcome(read, saved(header=header, episodes=episodes, notes=notes)) == ["RETURN-PART"]
    assert outcome(read, saved(header=header, episodes=notes)) == ["RETURN-LAYOUT"]
    assert outcome(read, saved(header=header, a=episodes, b=episodes)) == ["RETURN-LAYOUT"]
    no_day = episodes.assign(DEC=SECRET)
    assert outcome(read, saved(header=header, episodes=no_day)) == ["RETURN-CELL"]
    less = episodes.drop(columns="REC")
    assert outcome(read, saved(header=header, episodes=less)) == ["RETURN-LAYOUT"]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (["28/03/2026"], Span(date(2025, 4, 1), date(2026, 3, 31))),
        (["24/03/2026"], Span(date(2025, 4, 1), date(2026, 3, 24), date(2026, 3, 31))),
        (["30/06/2026"], Span(date(2026, 4, 1), date(2026, 6, 30), date(2027, 3, 31))),
        (["31/03/2020"], Span(date(2019, 4, 1), date(2020, 3, 31))),
        (
            ["31/03/2026"] * 40 + ["02/04/2026"] * 2,
            Span(date(2026, 4, 1), date(2026, 4, 2), date(2027, 3, 31)),
        ),
        (["31/03/2026"] * 41 + ["02/04/2026"] * 2, None),
        (["01/04/2027"], None),
        (["31/03/2019"], None),
    ],
)
def test_the_year_is_that_of_the_newest_days(
    days: list[str], told: Span | None, tmp_path: Path
) -> None:
    row = "Å-1,{},S,C2,N1,U4,PR1,,,,QQ1 1QQ,QQ1 1QQ,\n"
    rows = "".join(row.format(day) for day in days)
    files = delivered(tmp_path, header=HEADER, episodes=f"{FIRST}\n{rows}")
    if told is None:
        assert outcome(csv_set.read, files) == ["RETURN-YEAR"]
    else:
        assert set(csv_set.read(files).covers.values()) == {told}


@pytest.mark.parametrize(
    ("episodes", "review", "told"),
    [
        (
            20,
            "30/09/2025",
            "RETURN-YEAR |  | line 3 | REVIEW | the table reviews: a day in 2025/26",
        ),
        (20, "30/06/2025", ""),
        (19, "30/09/2025", ""),
        (
            20,
            "30/09/2027",
            "RETURN-YEAR |  | line 3 | REVIEW | the table reviews: a day in 2027/28",
        ),
        (1, "30/09/2027", "RETURN-YEAR |  | line 3 | REVIEW | the table reviews: the newest day"),
    ],
)
def test_no_year_is_told_by_days_long_after_the_last_of_many_episodes(
    episodes: int, review: str, told: str, tmp_path: Path
) -> None:
    """As where the reviews of a later year lie beside the episodes of an older one."""
    files = delivered(
        tmp_path,
        header=HEADER,
        episodes=f"{FIRST}\n" + "Å-1,17/03/2025,S,C2,N1,U4,PR1,,,,QQ1 1QQ,,\n" * episodes,
        reviews="CHILD,DOB,REVIEW,REVIEW_CODE\nÅ-1,,05/06/2024,PN1\n" + f"Å-1,,{review},PN1\n" * 2,
    )
    if not told:
        assert csv_set.read(files).covers["ssd_cla_episodes"].data_from == date(2025, 4, 1)
        return
    with pytest.raises(UnreadableError) as refused:
        csv_set.read(files)
    assert str(refused.value.finding).startswith(told)


def test_days_written_month_first_are_read_as_none(tmp_path: Path) -> None:
    files = delivered(
        tmp_path,
        header=HEADER,
        episodes=f"{FIRST.splitlines()[0]}\n"
        + "Å-1,04/25/2025,S,C2,N1,U4,PR1,05/06/2025,X1,,QQ1 1QQ,,\n"
        + "Å-1,05/06/2025,P,C2,N1,U4,PR1,,,,QQ1 1QQ,,\n",
    )
    with pytest.raises(UnreadableError) as refused:
        csv_set.read(files)
    assert refused.value.finding.code == "DATE-MONTH-FIRST"


CHILD = (
    "<CHILD><HEADER><CHILDID>Å-1</CHILDID><SEX>1</SEX><DOB>01/02/2012</DOB><UASC/></HEADER>"
    "<EPISODE><DECOM>05/06/2025</DECOM><RNE>S</RNE><LS>C2</LS><PL>U4</PL><DEC>28/03/2026</DEC>"
    "<REC>E4A</REC></EPISODE></CHILD>"
)
XML = f"<EXPSSDA903>{CHILD}</EXPSSDA903>"
LAUGHS = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (XML, []),
        (f"\ufeff<?xml version='1.0'?><!-- {SECRET} -->\n{XML}", []),
        (f"<?xml version='1.0' encoding='utf-16'?>{XML}".encode("utf-16"), []),
        (XML.replace("<EXPSSDA903", f"<EXPSSDA903 xmlns='urn:{SECRET}'"), []),
        (XML.replace("28/03/2026", SECRET), ["RETURN-CELL"]),
        (XML.replace("05/06/2025", ""), ["RETURN-YEAR"]),
        (XML.replace("Å-1", ""), ["RETURN-YEAR"]),
        (XML.replace("RNE", SECRET), ["RETURN-LAYOUT"]),
        ("<EXPSSDA903/>", ["RETURN-LAYOUT"]),
        (XML[:-12], ["RETURN-UNREADABLE"]),
        (XML.replace("Å-1", "&unknown;"), ["RETURN-UNREADABLE"]),
        (f"<!DOCTYPE EXPSSDA903>{XML}", ["RETURN-UNREADABLE"]),
        (
            f'<!DOCTYPE x [<!ENTITY a0 "{SECRET}">{LAUGHS}]>{XML.replace("Å-1", "&a9;")}',
            ["RETURN-UNREADABLE"],
        ),
        (
            f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>{XML.replace("Å-1", "&a;")}',
            ["RETURN-UNREADABLE"],
        ),
        (f"<?xml version='1.0' encoding='{SECRET}'?>{XML}", ["RETURN-UNREADABLE"]),
        ("<EXPSSDA903>" + "<A>" * 400_000, ["RETURN-UNREADABLE"]),
        (f"<EXPSSDA903><CHILD>{'<A/>' * 300_000}", ["RETURN-UNREADABLE"]),
        (b"\x00\x01\x02" * 100, ["RETURN-UNREADABLE"]),
        (b"", ["RETURN-UNREADABLE"]),
    ],
)
def test_an_xml_file_is_read_or_says_why_not(
    content: str | bytes, codes: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_records, "_RECORD", 1_000_000)
    file = tmp_path / "903.xml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert outcome(xml_file.read, {"xml": [file]}) == codes


def test_a_file_is_known_by_what_is_in_it(extracts: Extracts, tmp_path: Path) -> None:
    for file in write_ssda903(extracts, tmp_path, AS_AT):
        assert csv_set.FORMAT.part_of(look_at(file)) == file.stem
        assert xml_file.FORMAT.part_of(look_at(file)) == ""
    file = write_ssda903_xml(extracts, tmp_path / "903.xml", AS_AT)
    assert xml_file.FORMAT.part_of(look_at(file)) == "xml"
    assert csv_set.FORMAT.part_of(look_at(file)) == ""
    for strange in ("pers_person_id,pers_dob\n1,2\n", "<Message/>", "", "CHILD,NAME\n1,2\n"):
        file.write_text(strange)
        assert csv_set.FORMAT.part_of(look_at(file)) == xml_file.FORMAT.part_of(look_at(file)) == ""
