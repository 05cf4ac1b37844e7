"""`make explore`, as a manager opens it: the real Datasette in a real browser."""

import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from orchestration.explorer.tables import TABLES
from orchestration.settings import PROJECT, settings
from tests.browser import browser, violations
from tests.ports import free_port

__all__ = ["browser"]
pytestmark = pytest.mark.needs("chromium")


@dataclass(frozen=True)
class Explorer:
    address: str
    entrance: str
    copy: Path


@pytest.fixture(scope="module")
def explorer(whole_job: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Explorer]:
    assert whole_job
    port, said = str(free_port()), tmp_path_factory.mktemp("explorer") / "said.txt"
    with said.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "orchestration.commands.explore", port],
            cwd=PROJECT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    deadline = time.monotonic() + 60
    while "Uvicorn running" not in (told := said.read_text()):
        assert process.poll() is None and time.monotonic() < deadline, told
        time.sleep(0.05)
    [entrance] = re.findall(r"http://\S+token=\S+", told)
    [copy] = (settings.data / "explore").glob("*/figures.db")
    yield Explorer(f"http://127.0.0.1:{port}", entrance, copy)
    process.terminate()
    process.wait(30)
    assert list((settings.data / "explore").iterdir()) == [], "the copy goes with the command"


@pytest.fixture(scope="module")
def page(explorer: Explorer, browser: Any) -> Iterator[Any]:
    """A window that came in by the address which the command printed."""
    page = browser.new_page(viewport={"width": 1300, "height": 900})
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(explorer.entrance)
    yield page
    assert [each for each in page.asked if not each.startswith(explorer.address)] == []
    page.close()


def test_nobody_else_sees_the_figures(explorer: Explorer) -> None:
    for path in ("/", "/figures/figures.json", "/-/dashboards/now", "/figures.json?sql=select+1"):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(explorer.address + path, timeout=30)
    assert explorer.copy.stat().st_mode & 0o777 == 0o600
    assert explorer.copy.parent.stat().st_mode & 0o777 == 0o700


def test_a_manager_finds_where_things_stand(explorer: Explorer, page: Any) -> None:
    page.goto(explorer.address)
    assert "For officers only: small numbers are not hidden" in page.inner_text("body")
    assert violations(page) == []
    page.click("text=Where things stand")
    page.wait_for_selector("#chart-standing tbody tr")
    judged = page.eval_on_selector_all(
        "#chart-standing tbody tr", "rows => rows.map(row => row.cells[6].textContent)"
    )
    assert len(judged) == 66
    told = [each for each in judged if each in ("red", "amber", "green")]
    assert told == sorted(told, key=["red", "amber", "green"].index) and "red" in told
    assert violations(page) == []


def test_one_indicator_is_drawn_by_month_with_parts_and_comparisons(
    explorer: Explorer, page: Any
) -> None:
    page.goto(f"{explorer.address}/-/dashboards/one-indicator")
    assert "Sample Borough" in page.input_value("#area")
    page.select_option("#indicator", "Social care assessments completed within 45 working days")
    page.select_option("#period_type", "quarter")
    page.click("text=Apply")
    for chart in ("line", "parts", "compared"):
        page.wait_for_selector(f"#chart-{chart} .marks")
    page.wait_for_selector("#chart-rows tbody tr")
    first = page.inner_text("#chart-rows tbody tr:first-child")
    assert "(Quarter" in first and "percent" in first
    assert violations(page) == []


def test_a_table_is_narrowed_down_by_clicking_and_its_columns_are_explained(
    explorer: Explorer, page: Any
) -> None:
    page.goto(f"{explorer.address}/figures/figures?Kind+of+period=month")
    page.click("text=Reason for delay >> visible=true")
    assert "Split+by=Reason+for+delay" in page.url
    page.click("text=What the columns hold")
    explained = page.inner_text("dl.column-descriptions")
    assert all(column in explained for column in TABLES["figures"].columns)
    assert "unrounded" not in explained
    assert violations(page) == []


@pytest.mark.parametrize(
    "path", [*(f"figures/{name}" for name in (*TABLES, "below_target")), "-/dashboards/now"]
)
def test_a_heading_is_words(explorer: Explorer, page: Any, path: str) -> None:
    page.goto(f"{explorer.address}/{path}")
    page.wait_for_selector("tbody tr")
    headings = page.eval_on_selector_all("th", "cells => cells.map(cell => cell.innerText.trim())")
    told = [each.removesuffix("▼").strip() for each in headings if each != "Link"]
    assert told and all(re.fullmatch("[A-Z][A-Za-z ]+", each) for each in told), told


def test_nothing_can_be_changed(explorer: Explorer, page: Any) -> None:
    answer = page.request.get(f"{explorer.address}/figures.json?sql=delete+from+figures")
    assert answer.status == 400
