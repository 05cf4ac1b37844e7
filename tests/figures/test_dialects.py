"""What the public scripts of a case system give prints the figures of the whole or none at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from orchestration.contract.extracts import EXTRACTS
from orchestration.deliveries.layout import Paths
from orchestration.deliveries.ledger.ledger import Receipt, read_receipts
from orchestration.sample_council import make_council, write_delivery
from orchestration.sample_council.dialects import in_dialect
from tests.figures.compiled import Compiled
from tests.figures.councils import KEY, LAST_MONTH, NUMBERS, check_in, warehouse_figures
from tests.figures.windows import differences

SSD = [name for name, extract in EXTRACTS.items() if extract.class_ == "ssd"]

OUTCOME = "ssd_contacts.cont_new_referral_flag=Y"
REGISTERED = "ssd_professionals.prof_has_registration=Y"
CHECKED = "ssd_cla_health.clah_health_check_status"
KIND = "ssd_cla_placement.clap_cla_placement_type"
ROLE = "ref_code_maps for ssd_involvements.invo_professional_role_id"
OF_WORKERS = (
    "cp_allocated_social_worker_pct",
    "cic_allocated_social_worker_pct",
    "cic_more_than_one_sw_12m_pct",
    "cic_three_plus_sw_12m_pct",
)
# indicators that a script cannot give -> what it does not tell
ABSENT: Mapping[str, Mapping[str, str]] = {
    "systemc": {},
    "mosaic": {
        "contacts_to_referral_pct": OUTCOME,
        **dict.fromkeys(OF_WORKERS, REGISTERED),
        "cic_health_assessment_in_timescale_pct": CHECKED,
        "cic_dental_check_in_timescale_pct": CHECKED,
        "cic_three_plus_placements_12m_pct": "ssd_cla_episodes.clae_cla_placement_id",
    },
    "eclipse": {
        "contacts_to_referral_pct": OUTCOME,
        **dict.fromkeys(OF_WORKERS, ROLE),
    },
}


@dataclass(frozen=True)
class Printed:
    """What came of a delivery: its figures, what is not told to which indicator, its receipts."""

    figures: pd.DataFrame
    untold: Mapping[str, str]
    receipts: Mapping[str, Receipt]


def printed(compiled: Compiled, home: Path, tables: Mapping[str, pd.DataFrame]) -> Printed:
    paths = Paths(*(home / part for part in ("incoming", "raw", "quarantine", "ledger")))
    write_delivery(tables, paths.incoming / f"{LAST_MONTH:%Y-%m}")
    check_in(paths)
    models = compiled.over(paths.raw)
    with models.connect() as connection:
        models.run(connection, ["int_row_figures", "int_unfilled_columns"])
        found = warehouse_figures(connection).set_index(KEY)[NUMBERS].sort_index()
        untold = connection.execute(
            """
            select indicator_id, why_unfilled from figures.int_unfilled_columns
            union all
            select indicator_id, extract_name from staging.stg_indicator_needs
            inner join deliveries using (extract_name) where delivery_month is null
            """.replace("deliveries", f"'{paths.raw}/accepted_deliveries/*.parquet'")
        ).fetchall()
    receipts = {each.extract: each for each in read_receipts(paths)}
    return Printed(found, dict(untold), receipts)


def of_known_children(size: int, seed: int) -> Mapping[str, pd.DataFrame]:
    """The 22 tables and what is looked up in them; scripts write rows of known children only."""
    tables = make_council(size, seed, last_month=LAST_MONTH)
    children = tables["ssd_person"]["pers_person_id"]
    found = {}
    for name, frame in tables.items():
        child = EXTRACTS[name].child
        if EXTRACTS[name].class_ in ("ssd", "reference", "manifest"):
            is_known = (
                frame[child.name].isna() | frame[child.name].isin(children) if child else True
            )
            found[name] = frame[is_known] if child else frame
    return found


@dataclass(frozen=True)
class Compared:
    """What a script's delivery gave beside the whole: tables that were not accepted, indicators
    with a figure that is not true, those without any figure, and those of them of which what is
    missing is not told."""

    refused: frozenset[str]
    untrue: frozenset[str]
    absent: frozenset[str]
    unexplained: frozenset[str]


def compared(
    compiled: Compiled,
    home: Path,
    tables: Mapping[str, pd.DataFrame],
    truth: pd.DataFrame,
    system: str,
    since: date,
) -> Compared:
    sent = in_dialect(system, tables, since)
    told = printed(compiled, home, sent)
    absent = indicators(truth) - indicators(told.figures)
    return Compared(
        refused=frozenset(
            name for name in SSD if name in sent and told.receipts[name].outcome != "accepted"
        ),
        untrue=indicators(differences(told.figures, truth)),
        absent=absent,
        unexplained=frozenset(
            each
            for each in absent
            if not told.untold[each].endswith(ABSENT[system].get(each, KIND))
        ),
    )


def indicators(figures: pd.DataFrame) -> frozenset[str]:
    return frozenset(figures.index.get_level_values("indicator_id"))


@pytest.fixture(scope="module")
def tables() -> Mapping[str, pd.DataFrame]:
    return of_known_children(400, 5)


@pytest.fixture(scope="module")
def truth(
    compiled: Compiled,
    tables: Mapping[str, pd.DataFrame],
    tmp_path_factory: pytest.TempPathFactory,
) -> pd.DataFrame:
    """The figures of the whole, with the council's own code maps."""
    return printed(compiled, tmp_path_factory.mktemp("truth"), tables).figures


@pytest.mark.parametrize("system", list(ABSENT))
def test_without_a_code_map_no_table_is_lost_and_no_figure_false(
    compiled: Compiled,
    tables: Mapping[str, pd.DataFrame],
    truth: pd.DataFrame,
    tmp_path: Path,
    system: str,
) -> None:
    assert len(indicators(truth)) == 34
    found = compared(compiled, tmp_path, tables, truth, system, date(2023, 4, 1))
    none: frozenset[str] = frozenset()
    assert found == Compared(none, none, frozenset(ABSENT[system]), none)


@pytest.fixture(scope="module")
def another_council() -> Mapping[str, pd.DataFrame]:
    return of_known_children(900, 9)


@pytest.fixture(scope="module")
def truth_of_another(
    compiled: Compiled,
    another_council: Mapping[str, pd.DataFrame],
    tmp_path_factory: pytest.TempPathFactory,
) -> pd.DataFrame:
    return printed(compiled, tmp_path_factory.mktemp("another"), another_council).figures


@pytest.mark.soak
@pytest.mark.parametrize("system", list(ABSENT))
def test_so_it_is_of_another_council_and_from_another_day(
    compiled: Compiled,
    another_council: Mapping[str, pd.DataFrame],
    truth_of_another: pd.DataFrame,
    tmp_path: Path,
    system: str,
) -> None:
    assert len(indicators(truth_of_another)) == 34
    told = (another_council, truth_of_another, system, date(2024, 2, 29))
    found = compared(compiled, tmp_path, *told)
    assert (found.refused, found.untrue, found.unexplained) == (frozenset(),) * 3
    assert found.absent >= frozenset(ABSENT[system])
