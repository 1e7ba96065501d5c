"""The pages in a real browser: what a person does with them, by mouse, by keyboard, without scripts, on a phone."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.serving import Server

from .conftest import DESK, PHONE, keep

if TYPE_CHECKING:
    from playwright.sync_api import Page

    Opened = Callable[..., Page]

SYMPTOM = "tracking finds no trace of mail sent to the internet"
RESULTS = f"/?q={quote(SYMPTOM)}"
LOG = """Log Name:      System
Source:        NetBT
Event ID:      4319
Level:         Error
Description:
A duplicate name has been detected on the TCP network.
"""


def heading(page: "Page") -> str:
    return page.locator("#verdict").inner_text()


class TestSearch:
    def test_a_symptom_gives_symptom_cause_fix_and_source(self, page_of: "Opened") -> None:
        page = page_of("/")
        keep(page, "home")
        page.get_by_label("What do you see?").fill(SYMPTOM)
        page.get_by_role("button", name="Find the fix").click()
        card = page.locator(".card")
        parts = [re.split(r"\W", text)[0] for text in card.get_by_role("heading", level=3).all_inner_texts()]
        assert parts == ["Symptom", "Cause", "Fix"]
        assert "Tracking" in heading(page)
        assert re.search(r"\d+\s%", card.inner_text())
        assert card.get_by_role("link", name="Q164175").count() == 1
        assert page.locator(".hit mark").count() > 3
        assert page.locator(".hit .fix-line").count() > 0
        keep(page, "answer")

    def test_a_pasted_log_is_answered(self, page_of: "Opened") -> None:
        page = page_of("/")
        page.get_by_label("What do you see?").fill(LOG * 400)
        page.get_by_role("button", name="Find the fix").click()
        assert "4319" in heading(page)
        assert "too long for an address" in page.locator(".note").first.inner_text()
        # Filters work there too, though the text is in no address.
        value = page.locator("aside .facet button").first
        name = value.inner_text()
        value.click()
        assert name in page.locator(".chips").inner_text()
        assert page.get_by_label("What do you see?").input_value().startswith("Log Name:")

    def test_nothing_fits_is_said_with_what_to_add(self, page_of: "Opened") -> None:
        page = page_of("/?q=" + quote("the bread did not rise in the cold kitchen"))
        assert heading(page) == "Nothing in this archive fits"
        assert page.locator(".card li").count() >= 1
        page = page_of("/?q=printer&product=exchange&since=1990&until=1990")
        assert heading(page) == "Nothing within these filters"

    def test_what_cannot_be_searched_is_said(self, page_of: "Opened") -> None:
        page = page_of("/?q=printer&product=nonsense")
        assert heading(page) == "That cannot be searched"
        assert page.get_by_label("What do you see?").input_value() == "printer"

    def test_an_expression_gives_articles_and_no_answer(self, page_of: "Opened") -> None:
        page = page_of("/?q=" + quote("title:printer"))
        assert page.locator("#verdict").count() == 0
        assert all("rint" in title for title in page.locator(".hit h3").all_inner_texts())


class TestFacets:
    def test_a_facet_narrows_down_and_is_taken_back(self, page_of: "Opened") -> None:
        page = page_of("/?q=printer")
        before = page.locator(".hit").count()
        link = page.locator("aside .facet", has_text="Product").get_by_role("link").first
        name = link.inner_text()
        link.click()
        assert f"Product: {name}" in page.locator(".chips").inner_text()
        assert all(name in line for line in page.locator(".hit > p:nth-of-type(1)").all_inner_texts())
        page.get_by_role("link", name=f"Product: {name}").click()
        assert page.locator(".hit").count() == before
        assert page.locator(".chips").count() == 0

    def test_a_year_is_a_span_of_dates(self, page_of: "Opened") -> None:
        page = page_of("/?q=printer")
        link = page.locator("aside .facet", has_text="Year").get_by_role("link").first
        year = link.inner_text()
        link.click()
        assert f"Year: {year}" in page.locator(".chips").inner_text()
        assert all(year in line for line in page.locator(".hit > p:nth-of-type(1)").all_inner_texts())

    def test_filters_stay_with_another_query(self, page_of: "Opened") -> None:
        page = page_of("/?q=printer&product=windows+nt")
        page.get_by_label("What do you see?").fill("logon")
        page.get_by_role("button", name="Find the fix").click()
        page.wait_for_url("**q=logon**")
        assert "product=windows+nt" in page.url


class TestPermalinks:
    def test_the_address_gives_the_same_page_again(self, page_of: "Opened") -> None:
        first = page_of("/")
        first.get_by_label("What do you see?").fill(SYMPTOM)
        first.get_by_role("button", name="Find the fix").click()
        first.wait_for_url("**q=**")
        address = first.url.partition("/?")[2]
        again = page_of(f"/?{address}")
        assert again.locator("main").inner_text() == first.locator("main").inner_text()

    def test_back_leads_back(self, page_of: "Opened") -> None:
        page = page_of(RESULTS)
        page.locator("#verdict a").click()
        page.wait_for_url("**/Q164175")
        page.go_back()
        assert page.get_by_label("What do you see?").input_value() == SYMPTOM


class TestArticle:
    def test_it_is_set_for_reading(self, page_of: "Opened") -> None:
        page = page_of("/Q116404")
        headings = page.locator("article h2").all_inner_texts()
        assert len(headings) >= 3
        assert page.get_by_role("heading", level=1).inner_text().startswith("Blue Screen")
        assert page.locator(".outline a").count() == len(headings)
        assert "Applies to" in page.locator("aside").inner_text()
        keep(page, "article")

    def test_steps_are_a_numbered_list_and_code_stands_as_written(self, page_of: "Opened") -> None:
        page = page_of("/")
        kinds = {"article ol li": 0, "article pre": 0}
        for number in ("Q116404", "Q194248", "Q93132", "Q164175", "Q149238"):
            page.goto(page.url.rpartition("/")[0] + f"/{number}")
            kinds = {kind: count + page.locator(kind).count() for kind, count in kinds.items()}
        assert all(kinds.values())

    def test_references_are_links_in_both_directions(self, page_of: "Opened") -> None:
        page = page_of("/")
        record = page.request.get(page.url + "api/v1/articles/Q164175").json()
        known = [each["id"] for each in record["cross_references"] if each["title"]]
        if not known:
            record = next(
                found
                for number in ("Q194248", "Q116404", "Q149238", "Q140049")
                if (found := page.request.get(page.url + f"api/v1/articles/{number}").json()).get("cross_references")
                and any(each["title"] for each in found["cross_references"])
            )
        known = [each["id"] for each in record["cross_references"] if each["title"]]
        page.goto(page.url + record["id"])
        page.locator(f"aside a[href='/{known[0]}']").first.click()
        assert page.locator(f"aside a[href='/{record['id']}']").count() >= 1

    def test_the_original_is_one_click_away(self, page_of: "Opened") -> None:
        page = page_of("/Q164175")
        page.get_by_role("link", name="Original text").click()
        page.wait_for_url("**/original")
        assert "Q164175" in page.locator("body").inner_text()

    def test_it_prints_without_what_is_for_the_screen(self, page_of: "Opened") -> None:
        page = page_of("/Q164175")
        page.emulate_media(media="print")
        assert not page.locator(".top").is_visible()
        assert not page.locator("footer").is_visible()
        assert page.locator("article h1").is_visible()


class TestBrowsing:
    def test_products_lead_to_their_articles(self, page_of: "Opened") -> None:
        page = page_of("/browse")
        link = page.locator("#products + ul a").first
        name = link.inner_text()
        link.click()
        assert page.get_by_role("heading", level=1).inner_text() == name
        page.locator(".rows a").first.click()
        assert page.locator("article").count() == 1

    def test_the_archive_is_counted_and_drawn(self, page_of: "Opened") -> None:
        page = page_of("/about")
        assert page.get_by_role("img", name="Bar chart").locator("rect").count() > 2
        assert page.locator(".figures dd").first.inner_text() == "62"


class TestKeyboard:
    def test_search_and_open_without_a_mouse(self, page_of: "Opened") -> None:
        page = page_of("/")
        page.keyboard.press("/")
        page.keyboard.type("printer prints blank pages")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("second line")
        assert page.get_by_label("What do you see?").input_value() == "printer prints blank pages\nsecond line"
        page.keyboard.press("Enter")
        page.wait_for_url("**q=printer**")
        page.keyboard.press("j")
        page.keyboard.press("j")
        second = page.evaluate("document.activeElement.getAttribute('href')")
        page.keyboard.press("j")
        page.keyboard.press("k")
        assert page.evaluate("document.activeElement.getAttribute('href')") == second
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{second}")

    def test_letters_are_letters_in_the_box(self, page_of: "Opened") -> None:
        page = page_of("/")
        box = page.get_by_label("What do you see?")
        box.focus()
        page.keyboard.type("j/k")
        assert box.input_value() == "j/k"
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.tagName") == "BODY"

    def test_what_has_the_focus_is_seen_and_the_first_tab_skips(self, page_of: "Opened") -> None:
        page = page_of("/Q164175")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        for _ in range(12):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
            assert (outline, width) == ("solid", "3px")
            page.keyboard.press("Tab")


class TestWithoutScripts:
    def test_everything_is_there(self, page_of: "Opened") -> None:
        page = page_of("/", java_script_enabled=False)
        page.get_by_label("What do you see?").fill("printer")
        page.get_by_role("button", name="Find the fix").click()
        assert page.locator(".hit").count() > 3
        assert page.locator(".copy:visible").count() == 0
        page.locator("aside .facet a").first.click()
        assert page.locator(".chips a").count() == 1
        page.locator(".hit h3 a").first.click()
        assert page.locator("article h1").count() == 1
        page.get_by_role("searchbox").fill("logon")
        page.get_by_role("button", name="Search").click()
        assert page.locator(".hit").count() > 0


class TestSizesAndColours:
    @pytest.mark.parametrize("width", [320, 360, 768])
    def test_no_page_is_wider_than_the_screen(self, width: int, page_of: "Opened", served: Server) -> None:
        page = page_of("/", viewport={"width": width, "height": 740})
        for path in ("/", RESULTS, "/Q116404", "/Q164175", "/browse", "/about", "/browse/articles", "/x"):
            page.goto(served.address + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path

    def test_on_a_phone_facets_follow_the_results(self, page_of: "Opened") -> None:
        page = page_of(RESULTS, viewport=PHONE)
        last, facets = page.locator(".hit").last.bounding_box(), page.locator("aside").bounding_box()
        assert last is not None
        assert facets is not None
        assert facets["y"] > last["y"]
        keep(page, "phone")

    def test_dark_is_dark(self, page_of: "Opened") -> None:
        def paper(scheme: str) -> int:
            page = page_of(RESULTS, color_scheme=scheme, viewport=DESK)
            colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
            if scheme == "dark":
                keep(page, "dark")
            return sum(int(part) for part in re.findall(r"\d+", colour)[:3])

        assert paper("dark") < 150 < 600 < paper("light")
