from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import page_sample
import pytest
import sample

from llmsweep.cli import run

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright (uv sync --group browser)")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.skipif(CHROMIUM is None, reason="needs a Chromium"), pytest.mark.slow]


@pytest.fixture
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as p:
        yield p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


def opened(browser: Any, path: Path, **context: Any) -> tuple[Any, list[str]]:
    """The page, and what its console and its errors say."""
    said: list[str] = []
    page = browser.new_page(**context)
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(request.url) if request.url.startswith("http") else None)
    page.goto(f"file://{path}")
    page.wait_for_selector("#episode-list tbody tr", state="attached")
    page.wait_for_selector("#heat td", state="attached")
    return page, said


def small(folder: Path) -> Path:
    made = page_sample.hostile(sample.sweep(page_sample.cells(6), tasks=8, repeats=3))
    page_sample.write_log(folder / "m", made, page_sample.HOSTILE)
    assert run(["report", str(folder)]) == 0
    return folder / "m" / "report.html"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_it_draws_at_every_width(browser: Any, tmp_path: Path, theme: str, width: int):
    page, said = opened(
        browser, small(tmp_path), viewport={"width": width, "height": 900}, color_scheme=theme
    )
    assert said == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.locator("svg[role=img]").count() >= 6
    assert page.evaluate("window.hurt") is None


def test_keys_alone_reach_what_it_holds(browser: Any, tmp_path: Path):
    page, said = opened(browser, small(tmp_path))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("[data-chart=forest] svg").focus()
    page.keyboard.press("ArrowDown")
    assert "passes" in page.locator("#tip").inner_text()
    page.locator("#cell-table thead button", has_text="passes").focus()
    page.keyboard.press("Enter")
    assert page.locator("#cell-table th[aria-sort=descending]").count() == 1
    shares = page.locator("#cell-table tbody tr td:nth-child(4)").all_inner_texts()
    rates = [int(text.split()[0]) for text in shares]
    assert rates == sorted(rates, reverse=True)
    page.locator("#heat td[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("#episode-list tbody tr").count() <= 3
    page.locator("#episode-list tbody button").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    text = page.locator("#reader-text").inner_text()
    assert "</script><img src=x" in text
    assert "\x1b" not in text
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('#episode-list') !== null")
    assert page.evaluate("window.hurt") is None
    assert said == []


@pytest.mark.timeout(600)
def test_forty_thousand_episodes_open_at_once(browser: Any, tmp_path: Path):
    warm = [cell for cell in page_sample.cells(22) if cell.sampling.temperature]
    page_sample.write_log(tmp_path / "m", sample.sweep(warm, tasks=200, repeats=10), words=200)
    assert run(["report", str(tmp_path)]) == 0
    path = tmp_path / "m" / "report.html"
    assert path.stat().st_size <= 15_000_000
    times = []
    for _ in range(3):
        page, said = opened(browser, path)
        assert said == []
        drawn = page.evaluate("performance.getEntriesByName('drawn')[0].startTime")
        loaded = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        times.append(max(drawn, loaded))
        page.close()
    print(f"{path.stat().st_size / 1e6:.1f} MB, opens in {min(times):.0f} ms (of {times})")
    assert min(times) < 2_000
