"""Pages are read as text, whatever the markup, in bounded time."""

import time

import pytest

from indexer.html_text import MOST_TAGS, read_html, without_tags

ARTICLE = "<h2>Q100001: t</h2><pre><code>Article: Q100001\n"
LONGEST_SECONDS = 2.0


def test_tags_are_dropped_and_entities_read() -> None:
    page = read_html(
        '<title>a &amp; b</title><h2 id="x">c <i>d</i></h2><pre><code><span>e</span>\n  &lt;f&gt;</code></pre>'
    )
    assert (page.title, page.headings, page.preformatted, page.was_cut) == ("a & b", ("c d",), ("e\n  <f>",), False)


def test_text_of_scripts_and_comments_is_not_read() -> None:
    assert read_html("<script>var x = '<pre>no</pre>'</script><!-- <pre>no</pre> --><pre>yes</pre>").preformatted == (
        "yes",
    )


def test_a_page_without_markup_has_no_parts() -> None:
    assert read_html("plain.txt") == read_html("")


def test_tags_can_be_taken_off_without_parsing() -> None:
    assert without_tags('<span class="n">Article</span>: &lt;Q1&gt; <') == "Article: &lt;Q1&gt; <"


@pytest.mark.parametrize(
    "markup",
    [
        '<a b="' * 16_000, "<!--" * 16_000, "<div>" * 100_000, ARTICLE + "<b>" * 100_000, "<pre>" * 100_000,
        "<h2>" * 100_000, "<pre></pre>" * 100_000, "<title>" * 100_000, "<script>" * 100_000, "<table>" * 100_000,
        ARTICLE + "<b>x</b>" * 2_500_000, ARTICLE + "x y z\n" * 3_500_000, ARTICLE + "&amp;" * 1_000_000,
        ARTICLE + "&" * 2_000_000, ARTICLE + "<b " + " ".join(f"a{n}=1" for n in range(1_000_000)) + ">",
        "<" * 2_000_000, ARTICLE + "\ud800" * 1000, ARTICLE + "\0" * 10_000, "<![CDATA[" * 50_000, "<!DOCTYPE" * 50_000,
    ],
    ids=lambda markup: markup.removeprefix(ARTICLE)[:8].encode("ascii", "replace").decode("ascii"),
)  # fmt: skip
def test_hostile_pages_are_read_or_cut_off_in_two_seconds(markup: str) -> None:
    start = time.process_time()
    page = read_html(markup)
    assert time.process_time() - start < LONGEST_SECONDS
    assert page.was_cut == (len(markup) > 4 << 20 or markup.count("<") > MOST_TAGS)
