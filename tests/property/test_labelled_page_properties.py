"""What holds for any support page: no word of the body is lost or doubled, nothing breaks, time is linear."""

import re
import time
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.forms.labelled_page import LabelledPage
from indexer.html_text import read_html_lines
from indexer.parse import parse_file
from kb.models import Article, RawFile
from kb.records import article_record

FORM = LabelledPage()
HEADINGS = ["SYMPTOMS", "Cause", "Resolution", "MORE INFORMATION", "Log files", "Status", "References"]
# `%` becomes a word that stands nowhere else.
BLOCKS = [
    "<p>% %</p>", "<ul><li>%<li>%<ul><li>%</ul></ul>", "<ol><li>%<ol><li>%</ol><li><p>%</p><p>%</p></ol>",
    "<pre>% \n  %</pre>", "<table><tr><td>%<td>%<tr><td>%<td>%</table>", "%<br>%<br><br>%", "<h5>%</h5>",
    "<table><tr><td>%<br>%<br>%<td><p>%</p><p>%</p></table>", "<p><b>%</b></p>", "<dl><dt>%<dd>%</dl>",
    "<blockquote>%</blockquote>", "<div class=heading>%</div>%", "<font size=6>% ", "<p><i>%<p>% ", "<li>% ",
    "<center>%</center>", "<a href='http://x/'>%</a> <code>%</code>", "<table><tr><th>%<td>%</table>",
]  # fmt: skip
MARKUP = st.lists(
    st.sampled_from(
        ["<h2>SYMPTOMS</h2>", "<h3>Cause</h3>", "<p>Article ID: Q900201</p>", "Article ID: 5", "<ul>", "<li>", "</ul>",
         "<ol start=x>", "<table>", "<tr>", "<td>", "</td>", "</table>", "<pre>", "</pre>", "<b>", "</b>", "<main>",
         "<nav>", "</nav>", "<dl><dt>", "<dd>", "<blockquote>", "<h1>", "</h1>", "&nbsp;", "&#", "&amp;", "<!--", "-->",
         "<![CDATA[", "\x00", "\ud800", "Applies to: Windows 95, 98", "<br>", "SUMMARY ======= ", " - ", " 1. ", "x",
         "\n", "Symptom: ", "Fix: ", "# Cause\n", "== Fix ==\n", "**Cause**\n", "Modified: 1/2/2003\n", "\u3042",
         "previously published under Q1", "<frameset><noframes>", "On This Page\n", "Back to the top", "---\n",
         "===\n", "\t", "(", "'", "=", "<a href=http://support.microsoft.com/kb/5>"],
    ),
    max_size=60,
).map("".join)  # fmt: skip
NAMES = st.sampled_from(["a.html", "a.txt", "a.md", "821/536.HTM", "README", "文書.html", ""])
HEAD = "<h1>Some title</h1><p>Article ID: Q900201</p><h2>SYMPTOMS</h2><p>It fails.</p>"
TEXT_HEAD = "Some title\n\nArticle ID: Q900201\n\nSYMPTOMS\n\nIt fails.\n\n"


def read(page: str, name: str) -> Article:
    (article,) = FORM.parse(RawFile(name, page.encode("utf-8", "replace")))
    return article


@given(
    st.lists(
        st.tuples(st.sampled_from(HEADINGS), st.lists(st.sampled_from(BLOCKS), max_size=5)), min_size=1, max_size=5
    )
)
@settings(max_examples=300, deadline=None)
def test_every_word_of_a_body_is_in_exactly_one_section(parts: list[tuple[str, list[str]]]) -> None:
    number = count()
    body = "".join(f"<h2>{heading}</h2>{' '.join(blocks)}" for heading, blocks in parts)
    body = re.sub("%", lambda _: f"word{next(number)}", body)
    article = read(f"<h1>Some title</h1><p>PSS ID Number: 900201</p><h2>SUMMARY</h2>begin{body}", "a.html")
    words = re.findall(r"\bword\d+\b", " ".join(f"{s.heading} {s.text}" for s in article.sections))
    assert sorted(words) == sorted(f"word{n}" for n in range(next(number)))


@given(MARKUP, NAMES)
@settings(max_examples=400, deadline=None)
def test_any_page_gives_a_result_and_the_same_again(page: str, name: str) -> None:
    raw = RawFile(name, page.encode("utf-8", "replace"))
    result = parse_file(raw)
    assert result.outcome != "failed", result.diagnostics
    assert all(article_record(article)["id"] for article in result.articles)
    assert parse_file(RawFile(name, raw.data)) == result
    for article in FORM.parse(raw):
        assert article.source.form == "labelled-page"


@given(st.binary(max_size=400), NAMES)
@settings(max_examples=200, deadline=None)
def test_any_bytes_give_a_result(data: bytes, name: str) -> None:
    assert parse_file(RawFile(name, data)).outcome != "failed"
    assert parse_file(RawFile(name, HEAD.encode("ascii") + data)).outcome != "failed"


@given(MARKUP)
@settings(max_examples=200, deadline=None)
def test_lines_of_a_page_hold_neither_line_ends_nor_tabs_of_the_markup(page: str) -> None:
    lines = read_html_lines(page).lines
    assert all("\n" not in line.text and line.text == line.text.rstrip() for line in lines)
    assert all(line.text == "" or 0 <= line.level <= 7 for line in lines)


def seconds(head: str, unit: str, name: str, size: int) -> float:
    data = (head + unit * (size // len(unit))).encode("utf-8")
    best = 1e9
    for _ in range(2):
        start = time.process_time()
        assert parse_file(RawFile(name, data)).outcome == "parsed"
        best = min(best, time.process_time() - start)
        # The second time must not be told from memory.
        data += b" "
    return best


SIZE = 20_000
# Four times the size may take four times as long; a square takes sixteen times, and here it would take minutes.
MOST_GROWTH = 10.0
TOO_SHORT_TO_TELL = 0.05
MARKDOWN_HEAD = "# Some title\n\nArticle ID: Q900201\n\n## Symptoms\n\nIt fails.\n\n"
HTML_UNITS = (
    "<div>", "<ul>", "<ul><li>x", "<ol><li>x<p>", "<b>x", "<p>x", "&", "&amp;", "<h2>x</h2>", "<h2>CAUSE</h2>", "<h3>x",
    "<table><tr><td>x", "<td>x", "<pre>", "<br>x", "<dl><dt>x<dd>y", "<blockquote>x", "<a href=http://x>x", "<!--",
    "<main>", "<p><b>Cause</b></p>", "Article ID: Q900202<br>", "<p>Applies to:</p>", "<p>On This Page</p>", "x", " ",
    "error message:<p>", "<p>Microsoft Knowledge Base<p>900205 Title of it", "<",
)  # fmt: skip
TEXT_UNITS = (
    "x", " ", "\n", "\t", "x\n", "=", "-", "CAUSE\n\nx\n\n", "CAUSE\n=====\n\n", "Cause: x\n", "CAUSE ===== ",
    "CAUSE A. ", " - X", "A. 1. X ", "x: y\n", "Keywords: kb\n", " - x\n", "Applies to:\n - X\n", "900205 Title\n",
    "The information in this article applies to:\n - X\n  y\n", "== X ==\n", "On This Page\n\n",
)  # fmt: skip
MARKDOWN_UNITS = (
    "`", "**", "[a](", "# x\n", "## Cause\n", "## On this page\n", "- x\n", "|a|b|\n", "```\n", "<a>", "*a ", "\\*",
)  # fmt: skip
UNITS = [
    *((HEAD, unit, "a.html") for unit in HTML_UNITS),
    *((TEXT_HEAD, unit, "a.txt") for unit in TEXT_UNITS),
    *((MARKDOWN_HEAD, unit, "a.md") for unit in MARKDOWN_UNITS),
]


@pytest.mark.parametrize(("head", "unit", "name"), UNITS)
def test_time_grows_with_the_size_of_a_page(head: str, unit: str, name: str) -> None:
    small, large = seconds(head, unit, name, SIZE), seconds(head, unit, name, 4 * SIZE)
    assert large < MOST_GROWTH * max(small, TOO_SHORT_TO_TELL)


@pytest.mark.parametrize(
    ("head", "unit", "name"),
    [
        (HEAD, "<div>", "a.html"),
        (HEAD, "&", "a.html"),
        (TEXT_HEAD, "word ", "a.txt"),
        (TEXT_HEAD, "CAUSE A. ", "a.txt"),
    ],
)
def test_megabytes_are_read_to_the_end(head: str, unit: str, name: str) -> None:
    data = (head + unit * (2_000_000 // len(unit))).encode("ascii")
    assert parse_file(RawFile(name, data)).outcome == "parsed"
