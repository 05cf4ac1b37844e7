"""A real browser for the pages: what axe-core finds, and what a phone would show."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


def opened(browser: Any, path: Path, width: int) -> Any:
    """The page at a width in pixels, with all its details open."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    return page


def violations(page: Any) -> list[str]:
    """The rules of axe-core that the page breaks."""
    from axe_playwright_python.sync_playwright import Axe

    return [violation["id"] for violation in Axe().run(page).response["violations"]]


def smallest_text(page: Any) -> float:
    """The size of the smallest letters in pixels; 16 are 12 points."""
    return page.evaluate(
        """() => Math.min(...[...document.querySelectorAll('body *')].map(element => {
            const drawn = element.closest('svg.trend');
            const scale = drawn ? drawn.getBoundingClientRect().width / 288 : 1;
            return parseFloat(getComputedStyle(element).fontSize) * scale;
        }))"""
    )
