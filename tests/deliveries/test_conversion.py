"""Returns in the drop folder on their way through the check-in, and what is made of them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from orchestration.catalogue.indicators import read_catalogue
from orchestration.contract.extracts import EXTRACTS
from orchestration.contract.formats import FORMATS
from orchestration.deliveries.check_in import check_in_deliveries
from orchestration.deliveries.in_use import write_in_use
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import Receipt, read_receipts
from orchestration.deliveries.readers.joining import Part, joined
from orchestration.deliveries.readers.reading import Span
from orchestration.deliveries.readers.ssda903.tables import COLUMNS
from orchestration.deliveries.sources.returns import changed_returns, month_of, refused_returns
from orchestration.deliveries.sources.returns import returns as found_returns
from orchestration.deliveries.sources.strangers import strangers
from orchestration.reference.geographies import read_geographies
from orchestration.sample_council import make_council
from orchestration.sample_council.returns.cin_census import write_cin_census
from orchestration.sample_council.returns.ssda903 import write_ssda903, write_ssda903_xml
from orchestration.settings import settings

AS_AT = date(2026, 3, 31)
NOW = datetime(2026, 5, 4, 6, tzinfo=UTC)
EPISODES = EXTRACTS["ssd_cla_episodes"]


@pytest.fixture(scope="module")
def council() -> Mapping[str, pd.DataFrame]:
    return make_council(400, 1, last_month=AS_AT)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(*(tmp_path / part for part in ("incoming", "raw", "quarantine", "ledger")))


def check_in(paths: Paths, *months: str, own_codes: tuple[str, ...] = ()) -> dict[str, Receipt]:
    """The receipts of extracts of the last of the months that something was made or told of."""
    found = check_in_deliveries(
        months,
        EXTRACTS.values(),
        read_catalogue(settings.seeds),
        read_geographies(settings.reference),
        paths,
        NOW,
        own_codes=own_codes,
    )
    return {each.extract: each for each in found[months[-1]] if each.outcome != "missing"}


def of_returns(paths: Paths) -> list[Receipt]:
    return [each for each in read_receipts(paths) if each.extract in FORMATS]


def test_a_return_stands_for_its_extracts(paths: Paths, council) -> None:
    folder = paths.incoming / "2026-04"
    files = write_ssda903(council, folder, AS_AT)
    receipts = check_in(paths, "2026-04")
    episodes = receipts["ssd_cla_episodes"]
    assert (episodes.outcome, episodes.origin) == ("accepted", "ssda903")
    assert (episodes.data_from, episodes.as_at) == ("2025-04-01", "2026-03-31")
    assert episodes.data_from_known_by == "said"
    assert episodes.file == "2026-04/ssd_cla_episodes.csv from ssda903"
    told = of_returns(paths)
    assert len(told) == len(files) and {each.outcome for each in told} == {"accepted"}
    assert not any(file.name in each.file for each in told for file in files if file.stem)
    assert strangers(paths.incoming, NOW.date()) == []
    # no number is one that could be found by trying children and days
    made = found_returns(paths.incoming, NOW.date())[0]
    derived = set(made.format.read(made.files).tables[EPISODES.name]["clae_cla_episode_id"])
    kept = pd.read_parquet(paths.raw_file(EPISODES.name, "2026-04"))["clae_cla_episode_id"]
    assert len(set(kept)) == len(derived) and not derived & set(kept)
    # what was made of it lies nowhere any more but among the originals
    assert not [*paths.quarantine.rglob("ssd_*.csv")]
    in_use = pd.read_parquet(write_in_use(paths).returns_in_use)
    of_episodes = in_use[in_use["extract_name"] == "ssd_cla_episodes"]
    given = of_episodes[of_episodes["why_not"].isna()]["indicator_id"]
    assert set(given) == set(FORMATS["ssda903"].gives or ())
    assert "ssd_person" not in set(in_use["extract_name"])
    # nothing is new, and nothing is told twice
    assert changed_returns(paths, read_receipts(paths), NOW.date()) == []
    assert check_in(paths, "2026-04")["ssd_cla_episodes"].outcome == "unchanged"
    assert of_returns(paths) == told


def test_an_extract_wins_over_a_return(paths: Paths, council) -> None:
    folder = paths.incoming / "2026-04"
    write_ssda903_xml(council, _made(folder) / "return.xml", AS_AT)
    columns = [name for name in EPISODES.column_names if name in council[EPISODES.name]]
    council[EPISODES.name][columns].head(3).to_csv(folder / EPISODES.file_name, index=False)
    receipts = check_in(paths, "2026-04")
    assert receipts[EPISODES.name].origin == ""
    assert receipts["ssd_person"].origin == "ssda903"
    [told] = of_returns(paths)
    assert told.codes == "RETURN-UNUSED" and EPISODES.name in told.findings[0]


def test_a_return_beside_the_folders_of_months_is_taken_in(paths: Paths, council) -> None:
    write_ssda903_xml(council, _made(paths.incoming) / "return.xml", AS_AT)
    [found] = found_returns(paths.incoming, NOW.date())
    assert month_of(paths, found, NOW.date()) == "2026-04"
    [waiting] = changed_returns(paths, read_receipts(paths), NOW.date())
    assert (waiting.extract, waiting.month) == ("ssda903", "2026-04")
    assert check_in(paths, "2026-04")[EPISODES.name].origin == "ssda903"


def test_a_damaged_return_stops_nothing_else(paths: Paths, council) -> None:
    folder = _made(paths.incoming / "2026-04")
    file = write_ssda903_xml(council, folder / "a.xml", AS_AT)
    (folder / "b.xml").write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert check_in(paths, "2026-04")[EPISODES.name].outcome == "accepted"
    assert sorted(each.outcome for each in of_returns(paths)) == ["accepted", "refused"]


def test_years_in_folders_of_their_own_join(paths: Paths, council) -> None:
    for year in (2024, 2025, 2026):
        write_ssda903(council, paths.incoming / f"{year}-04", date(year, 3, 31))
    receipts = check_in(paths, "2024-04", "2025-04", "2026-04")
    assert receipts[EPISODES.name].data_from == "2023-04-01"
    assert receipts[EPISODES.name].as_at == "2026-03-31"


def rows(**closed: str) -> pd.DataFrame:
    """Episodes by id, with the day on which each ended."""
    return pd.DataFrame(
        {
            "clae_cla_episode_id": list(closed),
            "clae_person_id": ["A"] * len(closed),
            "clae_cla_episode_ceased_date": list(closed.values()),
        }
    )


def part(first: str, last: str, form: str = "ssda903", **closed: str) -> Part:
    span = Span(date.fromisoformat(first) if first else None, date.fromisoformat(last))
    return Part(rows(**closed), span, form)


NEWEST = part("2025-04-01", "2026-03-31", a="2025-06-01", b="")


@pytest.mark.parametrize(
    ("older", "ids", "data_from"),
    [
        # what the newest does not know and was over before it goes before it
        (part("2024-04-01", "2025-03-31", c="2024-09-01", d="2024-10-01 09:00"), "abcd", 2024),
        # the same episode, by whatever case its number is written in
        (part("2024-04-01", "2025-03-31", A="2024-09-01"), "ab", 2024),
        # what was open then, or ended later, the newest would have
        (part("2024-04-01", "2025-03-31", c="", d="2025-04-01"), "ab", 2024),
        # a gap, another format, no day from which it is complete
        (part("2023-04-01", "2024-03-31", c="2023-09-01"), "ab", 2025),
        (part("2024-04-01", "2025-03-31", "annex_a", c="2024-09-01"), "ab", 2025),
        (part("", "2025-03-31", c="2024-09-01"), "abc", None),
    ],
)
def test_an_older_return_adds_what_was_over_before_the_newest(older, ids, data_from) -> None:
    for parts in ([NEWEST, older], [older, NEWEST]):
        whole = joined(EPISODES, parts)
        assert "".join(whole.rows["clae_cla_episode_id"]) == ids
        day = whole.span.data_from
        assert (day and day.year) == data_from
        assert whole.span.as_at == date(2026, 3, 31)


def test_of_two_returns_of_one_day_the_one_that_goes_further_back_stands() -> None:
    longer = part("2024-10-01", "2026-03-31", "annex_a", c="2025-01-01")
    for parts in ([NEWEST, longer], [longer, NEWEST]):
        assert joined(EPISODES, parts).format == "annex_a"


def test_of_each_person_the_newest_that_is_known_stands() -> None:
    def people(**sex: str) -> pd.DataFrame:
        return pd.DataFrame(
            {"pers_person_id": list(sex), "pers_sex": list(sex.values()), "pers_upn": ""}
        )

    newest = Part(people(a="", b="F"), Span(None, date(2026, 3, 31)), "annex_a")
    older = Part(people(A="M", b="M", c="M"), Span(None, date(2025, 3, 31)), "ssda903")
    whole = joined(EXTRACTS["ssd_person"], [older, newest])
    assert list(whole.rows["pers_person_id"]) == ["a", "b", "c"]
    assert list(whole.rows["pers_sex"]) == ["M", "F", "M"]


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def test_what_a_return_has_no_row_of_is_told_and_is_no_empty_extract(paths: Paths, council) -> None:
    """As social workers whom nobody returned; an empty extract would be refused as a damaged one.
    That nobody is under an order of deprivation of liberty is believed."""
    folder = paths.incoming / "2026-03" / "903"
    write_ssda903(council, folder, AS_AT)
    for table in ("sw_episodes", "dolo"):
        header = ",".join(COLUMNS[table])
        (folder / f"{table}.csv").write_text(f"{header}\n")
    receipts = check_in(paths, "2026-03")
    assert receipts["ssd_cla_episodes"].loaded > 0
    assert {"ssd_involvements", "ssd_professionals"}.isdisjoint(receipts)
    assert (receipts["ext_dolo"].outcome, receipts["ext_dolo"].loaded) == ("accepted", 0)
    [told, *_] = of_returns(paths)
    assert (told.outcome, told.codes) == ("accepted", "RETURN-PART")
    assert "no row for ssd_involvements, ssd_professionals; nothing is taken" in told.findings[0]


def test_another_council_s_return_is_refused(paths: Paths, council) -> None:
    file = write_cin_census(council, _made(paths.incoming / "2026-04") / "census.xml", AS_AT)
    [found] = found_returns(paths.incoming, NOW.date())
    said = found.format.read(found.files).council
    assert said
    plans = "ssd_cp_plans"
    assert plans not in check_in(paths, "2026-04", own_codes=("E08000039", "373"))
    [told] = of_returns(paths)
    assert (told.outcome, told.codes) == ("refused", "RETURN-COUNCIL")
    assert said not in told.findings[0] and file.name not in told.findings[0]
    assert refused_returns(paths, NOW.date()) == list(told.findings)
    assert check_in(paths, "2026-04", own_codes=(said,))[plans].outcome == "accepted"
