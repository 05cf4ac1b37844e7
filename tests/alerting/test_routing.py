from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from orchestration.alerting.routing import Route, Routing, read_acknowledged, read_routes
from orchestration.catalogue.indicators import read_catalogue
from orchestration.settings import settings
from tests.alerting.cases import CLERK, DIRECTOR, a_state

ROUTES = "geography_code,dashboard_no,owner,address\n"
TAKEN_ON = "geography_code,indicator_id,owner,acknowledged_on,reason\n"
TODAY = date(2026, 11, 27)


@pytest.fixture
def routing_file(reference):
    def write(text):
        (reference.seeds / "alerts" / "routing.csv").write_text(text, encoding="utf-8")
        return reference

    return write


@pytest.fixture
def acknowledged_file(reference):
    def write(text):
        (reference.seeds / "alerts" / "acknowledged.csv").write_text(text, encoding="utf-8")
        return reference

    return write


def test_the_seeds_of_the_project_can_be_read():
    routes = read_routes(settings.reference)
    assert all(route.owner and route.address for route in routes)
    catalogue = read_catalogue(settings.seeds)
    assert {indicator for _, indicator in read_acknowledged(settings.reference)} <= set(catalogue)


def test_a_dashboard_goes_to_its_owners_and_the_rest_to_the_default(routing_file):
    routes = read_routes(
        routing_file(
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
def test_a_wrong_route_is_named_by_row_and_column_and_the_others_stay(routing_file, row, column):
    reference = routing_file(f"{ROUTES}{row}\n*,5,Head of care,slack\n")
    assert read_routes(reference) == [Route(None, 5, "Head of care", "slack")]
    [fault] = reference.table("routing").faults
    assert (fault.row, fault.column) == (2, column)
    assert "secret" not in str(fault)


def test_other_columns_are_no_routes(routing_file):
    reference = routing_file("who,where\n")
    assert read_routes(reference) == []
    [fault] = reference.table("routing").faults
    assert fault.code == "REFERENCE-COLUMNS"


def test_the_newest_acknowledgement_counts(acknowledged_file):
    rows = (
        "X06000001,referrals_count,Head,2026-11-01,Two vacancies\n"
        "X06000001,referrals_count,Head,2026-09-01,x\n"
    )
    assert read_acknowledged(acknowledged_file(TAKEN_ON + rows)) == {
        ("X06000001", "referrals_count"): date(2026, 11, 1)
    }


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("*,referrals_count,Head,2026-11-01,why", "geography_code"),
        ("X06000001,visit,Head,2026-11-01,why", "indicator_id"),
        ("X06000001,referrals_count,Head,1 November,why", "acknowledged_on"),
        ("X06000001,referrals_count,Head,2026-11-28,why", "acknowledged_on"),
        ("X06000001,referrals_count,,2026-11-01,why", "owner"),
        ("X06000001,referrals_count,Head,2026-11-01,", "reason"),
        ("X06000001,referrals_count,Head,2026-11-01", "reason"),
    ],
)
def test_an_acknowledgement_needs_owner_date_and_reason(acknowledged_file, row, column):
    reference = replace(acknowledged_file(f"{TAKEN_ON}{row}\n"), today=TODAY)
    assert read_acknowledged(reference) == {}
    [fault] = reference.table("acknowledged").faults
    assert (fault.row, fault.column) == (2, column)
