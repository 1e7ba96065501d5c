"""A real browser for tests: the system's Chromium, without a window; skipped where there is none."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import REPOSITORY
from tests.serving import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
_IMAGES = REPOSITORY / "docs" / "images"
_SHOWN = {"width": 860, "height": 540}
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1200, "height": 860}


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Return a running browser."""
    api = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install -e '.[dev]'")
    named = os.environ.get("KBFIX_TEST_BROWSER")
    path = named or next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("needs Chromium: apt-get install chromium (or name one by KBFIX_TEST_BROWSER)")
    with api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def page_of(browser: "Browser", served: Server) -> "Iterator[Callable[..., Page]]":
    """Return a function that opens a page of the server in a new window; options are those of a context.

    The test fails where a page loads anything from elsewhere, is kept from something by its policy, or has an error
    in a script.
    """
    contexts = []
    wrong: list[str] = []

    def opened(path: str = "/", **options: Any) -> "Page":
        context = browser.new_context(**{"viewport": DESK, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: request.url.startswith(served.address) or wrong.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda told: wrong.append(told.text) if "Policy" in told.text else None)
        page.goto(f"{served.address}{path}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def keep(page: "Page", name: str) -> None:
    """Keep a picture of the page for the docs, where KBFIX_SCREENSHOTS asks for it."""
    if os.environ.get("KBFIX_SCREENSHOTS"):
        _IMAGES.mkdir(exist_ok=True)
        before = page.viewport_size
        assert before is not None
        page.set_viewport_size({"width": min(before["width"], _SHOWN["width"]), "height": _SHOWN["height"]})
        page.screenshot(path=_IMAGES / f"{name}.png", scale="css")
        page.set_viewport_size(before)


def axe_script() -> str:
    """Return axe-core, as the package brings it."""
    package = pytest.importorskip("axe_playwright_python", reason="needs axe-core: pip install -e '.[dev]'")
    return (Path(package.__file__).parent / "axe.min.js").read_text("utf-8")
