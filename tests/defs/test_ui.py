"""The Dagster pages as the data engineer sees them, in a real browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.settings import PROJECT
from tests.defs.conftest import install_beside, serve

PICTURES = PROJECT / ".artifacts"


@pytest.fixture(scope="module")
def pages(main_job: Path) -> Iterator[str]:
    # its own: what other tests run last in their process's folders is seen here first
    made = install_beside(main_job, "data", "exports", "dagster")
    yield from serve(made.environment, made.home / "pages.log", ("dagster-webserver",))


@pytest.mark.needs("chromium")
def test_the_engineer_sees_the_graph_and_a_materialised_export(pages: str) -> None:
    from playwright.sync_api import expect, sync_playwright

    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1700, "height": 1000})
        page.set_default_timeout(60_000)

        page.goto(f"{pages}/asset-groups?expanded=*")
        for group in ("raw", "reference", "staging", "intermediate", "marts", "exports", "alerts"):
            expect(page.get_by_text(group, exact=True).first).to_be_visible()
        page.wait_for_timeout(2_000)
        page.screenshot(path=PICTURES / "asset-graph.png")

        page.goto(f"{pages}/assets/exports/officer_editions")
        expect(page.get_by_text("Darlington 2019-09", exact=True).first).to_be_visible()
        expect(page.get_by_text("data-engineering").first).to_be_visible()
        page.wait_for_timeout(1_000)
        page.screenshot(path=PICTURES / "export.png", full_page=True)

        page.goto(f"{pages}/assets/marts/kpi_dashboard?view=checks")
        expect(page.get_by_text("Passed").filter(visible=True).first).to_be_visible()
        browser.close()
    assert (PICTURES / "asset-graph.png").stat().st_size > 50_000
    assert (PICTURES / "export.png").stat().st_size > 50_000
