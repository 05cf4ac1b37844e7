"""The pictures of README.md, made anew in docs/ from what `make run` and `make pack` have left:
`.venv/bin/python -m tests.readme_pictures`. Needs Chromium; look at them before they are kept."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from orchestration.settings import PROJECT, settings
from tests.defs.conftest import serve

DOCS = PROJECT / "docs"
DASHBOARD = "Children's Social Care Front Door"
CHART = "eh_assessment_avg_wd"


def main() -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        _graph(browser)
        _chart(browser)
        browser.close()
    _page()


def _graph(browser: Any) -> None:
    """The asset graph by layers, as Dagster shows it, without what stands around it."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "pages.log"
        for pages in serve(dict(os.environ), log, ("dagster-webserver",)):
            page = browser.new_page(
                viewport={"width": 1500, "height": 1100}, device_scale_factor=1.5
            )
            page.goto(f"{pages}/asset-groups", timeout=120_000)
            page.get_by_text("Hide navigation").click(timeout=60_000)
            page.get_by_placeholder("Jump to").wait_for()
            page.locator("button:near(input[placeholder^='Jump to'])").first.click()
            page.reload()
            page.wait_for_timeout(5_000)
            boxes = [
                page.get_by_text(layer, exact=True).last.bounding_box()
                for layer in ("raw", "reference", "figures", "alerts")
            ]
            left, right = boxes[0]["x"] - 20, boxes[-1]["x"] + 130
            top, bottom = min(each["y"] for each in boxes), max(each["y"] for each in boxes)
            shown = {"x": left, "y": top - 40, "width": right - left, "height": bottom - top + 80}
            page.screenshot(path=DOCS / "graph.png", clip=shown)


def _chart(browser: Any) -> None:
    """A chart of the sample's newest edition for officers, with the months that stand out."""
    [dashboards] = settings.exports.glob("officers/X06000001/*/dashboard.html")
    page = browser.new_page(viewport={"width": 1300, "height": 900}, device_scale_factor=2)
    page.goto(dashboards.as_uri())
    page.locator(f"svg[aria-labelledby*='chart-{CHART}-']").first.screenshot(
        path=DOCS / "chart.png"
    )


def _page() -> None:
    """The dashboard's page of the draft of the pack."""
    import pypdfium2

    [paper] = settings.exports.glob("packs/*/draft/preview/*_paper.pdf")
    for page in pypdfium2.PdfDocument(paper):
        if DASHBOARD in page.get_textpage().get_text_bounded().split("\n", 1)[0]:
            page.render(scale=1.5).to_pil().save(DOCS / "dashboard.png", optimize=True)


if __name__ == "__main__":
    main()
