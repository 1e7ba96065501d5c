"""Present troubleshooting articles: front matter, markdown without its marks, sections by heading."""

import time

import pytest

from indexer.markdown_text import front_matter, inline, read_markdown
from indexer.parse import parse_file
from kb.models import Article, RawFile

FRONT = "---\ntitle: T\nms.date: 06/07/2024\n---\n\n"


def article(body: str, path: str = "a/some-name.md") -> Article:
    (found,) = parse_file(RawFile(path, (FRONT + body).encode())).articles
    return found


def test_front_matter_is_keys_with_values_or_lists() -> None:
    found, length = front_matter(["---", 'title: "a: b"', "list: ", "  - x", "  - 'y'", "---", "text"])
    assert (found, length) == ({"title": ("a: b",), "list": ("x", "y")}, 6)
    assert front_matter(["title: a"]) == ({}, 0)
    assert front_matter(["---", "never closed: a"]) == ({}, 0)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("**File**, *then* _Save_", "File, then Save"), ("`a_b_c`", "a_b_c"), ("[x](/y)", "x"), ("a\u200bb", "ab"),
        ("[x](https://y.example/a_(b))", "x (https://y.example/a_(b))"), ("![alt](pic.png)", ""),
        ("2 * 3 * 4", "2 * 3 * 4"),
        (r"C:\a\_b\*", r"C:\a_b*"), ("a&nbsp;b &amp;lt;", "a b &lt;"), ("snake_case_name", "snake_case_name"),
        ("<b>x</b><br/>", "x"), ("<drive>:", "<drive>:"),
    ],
)  # fmt: skip
def test_marks_within_a_line_are_dropped(written: str, read: str) -> None:
    assert inline(written) == read


def test_code_and_quotations_are_indented_and_alerts_named() -> None:
    (part,) = read_markdown("a\n\n```vb\n# not a heading\n```\n> [!NOTE]\n> b").parts
    assert [line for line in part.lines if line] == ["a", "   # not a heading", "   NOTE:", "   b"]


def test_lists_are_numbered_on_and_begin_anew_after_a_paragraph() -> None:
    (part,) = read_markdown("1. a\n   1. b\n   1. c\n1. d\n\ntext\n\n1. e").parts
    assert [line for line in part.lines if line] == ["1. a", "   1. b", "   2. c", "2. d", "text", "1. e"]


def test_an_original_number_is_the_id_and_no_text() -> None:
    found = article("# T\n\n_Original KB number:_ &nbsp; 4022843\n\n## Symptoms\n\nx\n")
    assert (found.id, found.collection, [s.kind for s in found.sections]) == ("Q4022843", "microsoft", ["symptoms"])


def test_an_article_without_number_is_named_after_its_file() -> None:
    assert (article("# T\n").id, article("# T\n").collection) == ("local:some-name", "local")


def test_canonical_headings_below_a_usual_one_stay_its_parts() -> None:
    found = article("## More information\n\na\n\n### Resolution\n\nb\n")
    assert [(s.heading, s.text) for s in found.sections] == [("More information", "a\n\nResolution\n----------\n\nb")]


def test_addresses_of_articles_are_references_with_their_title() -> None:
    found = article(
        "See [How to](https://support.microsoft.com/help/322756) and https://support.microsoft.com/en-us/kb/4012345.\n"
    )
    assert [(r.id, r.title) for r in found.cross_references] == [("Q322756", "How to"), ("Q4012345", None)]


def test_other_front_matter_is_of_no_form() -> None:
    for data in (b"---\nlayout: page\ntitle: x\n---\n", b"---\n", b"-- a comment\n"):
        assert parse_file(RawFile("a.md", data)).outcome == "unsupported"


@pytest.mark.parametrize(
    "unit",
    ["*", "_", "[", "](", "[a](", "`", "<b", "&", "\\", "> ", "1. a\n", "# a\n", "```\n", " - x\n", "**a", "|-",
     "![a](",
     "[a](https://support.microsoft.com/kb/", "   1. x\n 1. y\n", "\u200b"],
)  # fmt: skip
def test_half_a_megabyte_of_one_thing_is_parsed_in_linear_time(unit: str) -> None:
    start = time.process_time()
    article(unit * (500_000 // len(unit)))
    assert time.process_time() - start < 12.0
