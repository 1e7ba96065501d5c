"""axe-core finds nothing wrong with any page, light or dark, wide or narrow."""

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.serving import Server

from .conftest import DESK, PHONE, axe_script

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGES = {
    "home": "/",
    "answer": "/?q=" + quote("tracking finds no trace of mail sent to the internet"),
    "unsure": "/?q=printer+offline",
    "nothing": "/?q=" + quote("the bread did not rise in the cold kitchen"),
    "unusable": "/?q=printer&product=nonsense",
    "filtered": "/?q=printer&product=windows+nt&since=1998&until=1998&fix_kind=workaround",
    "expression": "/?q=" + quote("title:printer"),
    "article": "/Q164175",
    "steps": "/Q116404",
    "unknown": "/Q999999",
    "revisions": "/Q164175/revisions",
    "browse": "/browse",
    "listing": "/browse/articles",
    "about": "/about",
    "nowhere": "/x",
}
_RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .map((found) => `${found.id}: ${found.nodes.map((node) => node.html).slice(0, 3).join(' ')}`)"""


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_in_anybodys_way(name: str, page_of: "Callable[..., Page]") -> None:
    script = axe_script()
    for scheme, viewport in (("light", DESK), ("dark", PHONE)):
        # The policy of the pages would keep the test's own script out, too.
        page = page_of(PAGES[name], color_scheme=scheme, viewport=viewport, bypass_csp=True)
        for details in page.locator("details").all():
            details.evaluate("(element) => { element.open = true }")
        page.evaluate(script)
        assert page.evaluate(_RUN) == []


def test_headings_go_down_one_level_at_a_time(page_of: "Callable[..., Page]", served: Server) -> None:
    page = page_of("/")
    for path in PAGES.values():
        page.goto(served.address + path)
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((each) => +each.tagName[1])")
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(below - above <= 1 for above, below in pairwise(levels)), (path, levels)


def test_the_check_finds_what_is_wrong(page_of: "Callable[..., Page]") -> None:
    page = page_of("/", bypass_csp=True)
    page.evaluate("document.body.append(document.createElement('button'))")
    page.evaluate(axe_script())
    assert any(found.startswith("button-name") for found in page.evaluate(_RUN))
