"""Pages of the mirror: which file is whose, and what the mirror lost is put back or told."""

import html
from pathlib import Path

import pytest

from indexer.forms import FORMS, claimants
from indexer.forms.kb_mirror import with_leading_spaces
from indexer.parse import parse_file
from kb.models import Article, RawFile

GOLDEN = Path(__file__).parents[2] / "golden"
SOURCES = sorted(GOLDEN.glob("*/source.*"))
HEAD = (
    "Article: {id}\nProduct(s): {product}\nVersion(s): 1.0\nOperating System(s): \n"
    "Keyword(s): kbenv\nLast Modified: 14-MAR-2000\n\n"
)
BODY = "SUMMARY\n=======\n\nText.\n"


def markdown(title: str, body: str = BODY, product: str = "Sample", number: str = "Q900001") -> bytes:
    lines = (HEAD.format(id=number, product=product) + body).split("\n")
    return f"## {title}\n\n".encode() + b"".join(b"\t" + line.encode() + b"\n" for line in lines)


def page(title: str, body: str = BODY, product: str = "Sample") -> bytes:
    text = html.escape(HEAD.format(id="Q900001", product=product) + body, quote=False)
    return f"<h2>{html.escape(title)}</h2><pre><code>{text}</code></pre>".encode()


def article(data: bytes) -> Article:
    (found,) = parse_file(RawFile("a", data)).articles
    return found


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.parent.name)
def test_every_golden_article_is_claimed_by_one_form(source: Path) -> None:
    assert len(claimants(RawFile(source.name, source.read_bytes()))) == 1


def test_the_names_of_forms_are_distinct() -> None:
    assert [form.name for form in FORMS] == [
        "kb-text", "kb-html", "kb-markdown", "programmers-library", "learn-markdown",
    ]  # fmt: skip


def test_a_page_without_front_matter_or_template_marks_is_read() -> None:
    found = article(markdown("Q900001: A Title"))
    assert (found.id, found.title, found.date, found.summary) == ("Q900001", "A Title", "2000-03-14", "Text.")


def test_line_ends_and_encodings_make_no_difference() -> None:
    plain = markdown("Q900001: A Title")
    for data in (plain.replace(b"\n", b"\r\n"), plain.decode().encode("utf-16"), b"\xef\xbb\xbf" + plain):
        assert article(data).sections == article(plain).sections


def test_entities_in_titles_are_read_once() -> None:
    assert article(markdown("Q900001: &quot;a&quot; &#36;5 &amp;lt;")).title == '"a" $5 &lt;'
    assert article(page("Q900001: “a” ‘b’ … –")).title == "\"a\" 'b' ... --"


def test_the_same_article_has_the_same_text_as_page_and_as_markdown() -> None:
    body = "SYMPTOMS\n========\n\nIt fails:\n\n  error <5>\n\n- one\n  two\n"
    assert article(page("Q900001: T", body)).sections == article(markdown("Q900001: T", body)).sections


def test_leading_spaces_come_back_for_indented_lines_and_bullets() -> None:
    assert with_leading_spaces(("a", "  b", "- c", "  d", "- e", " f", "", "-x")) == [
        "a", "   b", " - c", "   d", "- e", "  f", "", "-x",
    ]  # fmt: skip
    assert with_leading_spaces(("-  two", "Volume in drive A is X")) == ["-  two", " Volume in drive A is X"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("M<FC>ller", "Müller"), ("<A0>a", " a"), ("<B7><B7>", "··"), ("x<7F>y", "xy"), ("<93>q<94>", "“q”"),
        ("<DD>", "<DD>"), ("press <F1> now", "press <F1> now"), ("<1C>", "<1C>"), ("<20>", "<20>"), ("<xx>", "<xx>"),
    ],
)  # fmt: skip
def test_escaped_bytes_are_read_and_placeholders_kept(written: str, read: str) -> None:
    assert article(markdown("Q900001: T", f"SUMMARY\n=======\n\n.{written}.\n")).summary == f".{read}."


def test_an_article_that_names_no_product_is_of_the_library() -> None:
    assert article(markdown("Q900001: T", product="See article")).source.form == "programmers-library"


def test_a_page_that_was_cut_says_so() -> None:
    found = article(page("Q900001: T") + b"<b>" * 100_000)
    assert "page-cut" in [d.code for d in found.diagnostics]


def test_another_page_with_a_block_of_code_is_of_no_form() -> None:
    assert parse_file(RawFile("a.html", b"<h2>News</h2><pre>Article: read it</pre>")).outcome == "unsupported"
    assert parse_file(RawFile("a.md", b"## Q1: x\n\nArticle: Q900001\n")).outcome == "unsupported"


def test_a_closing_rule_without_notice_ends_the_footer() -> None:
    body = BODY + f"\n{'=' * 70}\nKeywords          : kbsample \n\n{'=' * 77}\n"
    found = article(markdown("Q900001: T", body))
    assert (found.keywords, found.summary) == (("kbsample",), "Text.")


def test_labels_of_the_library_divide_its_text() -> None:
    found = article(
        markdown("Q90001: T", "Lead.\n\nProblem:\n\nIt hangs.\n\nResponse:\n\nWait.\n", "See article", "Q90001")
    )
    assert [(s.heading, s.kind, s.text) for s in found.sections] == [
        (None, "notice", "Lead."), ("Problem", "symptoms", "It hangs."), ("Response", "resolution", "Wait."),
    ]  # fmt: skip


def test_every_article_of_a_volume_is_found() -> None:
    one = (
        "{n}. Title {n}\n\nProduct Version(s): 4.00\nFlags: ENDUSER | a\n"
        "Last Modified: 2-FEB-1990    ArticleIdent: Q{id}\n\nText {n}.\n\n"
    )
    text = "".join(one.format(n=n, id=20000 + n) for n in range(1, 301))
    found = parse_file(RawFile("volume.txt", text.encode())).articles
    assert [(a.id, a.title, a.sections[0].text) for a in found] == [
        (f"Q{20000 + n}", f"Title {n}", f"Text {n}.") for n in range(1, 301)
    ]
