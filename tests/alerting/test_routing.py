from __future__ import annotations

from datetime import date

import pytest

from orchestration.alerting.routing import (
    AlertSeedError,
    Route,
    Routing,
    read_acknowledged,
    read_routes,
)
from orchestration.catalogue import read_catalogue
from orchestration.settings import settings
from tests.alerting.cases import CLERK, DIRECTOR, a_state

ROUTES = "geography_code,dashboard_no,owner,address\n"
TAKEN_ON = "geography_code,indicator_id,owner,acknowledged_on,reason\n"
TODAY = date(2026, 11, 27)


@pytest.fixture
def seed(tmp_path):
    def write(text):
        file = tmp_path / "seed.csv"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_the_seeds_of_the_project_can_be_read():
    routes = read_routes(settings.routing)
    assert all(route.owner and route.address for route in routes)
    catalogue = read_catalogue(settings.dbt_project)
    acknowledged = read_acknowledged(settings.acknowledged, catalogue, date.max)
    assert {indicator for _, indicator in acknowledged} <= set(catalogue)


def test_a_dashboard_goes_to_its_owners_and_the_rest_to_the_default(seed):
    routes = read_routes(
        seed(
            f"{ROUTES}E06000005,4,Head of safeguarding,{DIRECTOR}\n"
            "E06000005,4,Head of safeguarding,teams:SAFEGUARDING\n"
            "*,5,Head of care,slack\nE06000041,*,Wokingham,teams\n"
        )
    )
    routing = Routing(routes, (CLERK,))
    assert routing.addresses(a_state()) == (DIRECTOR, "teams:SAFEGUARDING")
    assert routing.addresses(a_state(dashboard_no=5)) == ("slack",)
    assert routing.addresses(a_state(dashboard_no=6)) == (CLERK,)
    assert routing.addresses(a_state(geography_code="E06000041")) == ("teams",)
    assert routes[2] == Route(None, 5, "Head of care", "slack")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (f"E06000005,9,Head,{CLERK}", "dashboard_no"),
        (f"Darlington,4,Head,{CLERK}", "geography_code"),
        ("E06000005,4,Head,secret", "address"),
        ("E06000005,4,Head,pager:secret", "address"),
        (f"E06000005,4,,{CLERK}", "owner"),
        (f"E06000005,4,Head,{CLERK} {DIRECTOR}", "address"),
    ],
)
def test_a_wrong_route_is_named_by_line_and_column(seed, row, column):
    with pytest.raises(AlertSeedError, match=rf"ALERT-SEED \| seed.csv \| 2 \| {column} ") as wrong:
        read_routes(seed(f"{ROUTES}{row}\n"))
    assert "secret" not in str(wrong.value)


def test_other_columns_are_refused(seed):
    with pytest.raises(AlertSeedError, match="other columns than expected"):
        read_routes(seed("who,where\n"))


def test_the_newest_acknowledgement_counts(seed):
    rows = "X06000001,visits,Head,2026-11-01,Two vacancies\nX06000001,visits,Head,2026-09-01,x\n"
    assert read_acknowledged(seed(TAKEN_ON + rows), ["visits"], TODAY) == {
        ("X06000001", "visits"): date(2026, 11, 1)
    }


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("*,visits,Head,2026-11-01,why", "geography_code"),
        ("X06000001,visit,Head,2026-11-01,why", "indicator_id"),
        ("X06000001,visits,Head,1 November,why", "acknowledged_on"),
        ("X06000001,visits,Head,2026-11-28,why", "acknowledged_on"),
        ("X06000001,visits,,2026-11-01,why", "owner"),
        ("X06000001,visits,Head,2026-11-01,", "reason"),
        ("X06000001,visits,Head,2026-11-01", "reason"),
    ],
)
def test_an_acknowledgement_needs_owner_date_and_reason(seed, row, column):
    with pytest.raises(AlertSeedError, match=rf"\| 2 \| {column} "):
        read_acknowledged(seed(f"{TAKEN_ON}{row}\n"), ["visits"], TODAY)
