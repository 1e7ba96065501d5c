"""What holds for any damage done to an article of any form: a result, one form at most, the same result again."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.forms import claimants
from indexer.html_text import read_html
from indexer.markdown_text import read_markdown
from indexer.parse import parse_file
from kb.models import RawFile
from kb.records import article_record

GOLDEN = Path(__file__).parents[1] / "golden"
SOURCES = [path.read_bytes() for path in sorted(GOLDEN.glob("*/source.*")) if path.suffix != ".txt"]
MARKUP = st.lists(
    st.sampled_from(
        ["<pre>", "</pre>", "<h2>", "</h2>", "<b", ">", "&amp;", "&#", "<!--", "-->", "<![CDATA[", "\x00", "\ud800",
         "# h\n", "**", "[a](", ")", "`", "```\n", "> ", "1. ", "\n", "  ", "---\n", "{% raw %}", "<A0>", "<F1>", "x",
         "|---|\n"],
    ),
    max_size=60,
).map("".join)  # fmt: skip


@given(st.sampled_from(SOURCES), st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=8)), max_size=8))
@settings(max_examples=300, deadline=None)
def test_a_damaged_article_is_still_parsed_or_told_to_be_none(data: bytes, damage: list[tuple[int, bytes]]) -> None:
    for at, what in damage:
        data = data[:at] + what + data[at + len(what) :]
    raw = RawFile("a", data)
    assert len(claimants(raw)) <= 1
    result = parse_file(raw)
    assert result.outcome != "failed", result.diagnostics
    assert all(article_record(article)["id"] for article in result.articles)
    assert parse_file(raw) == result


@given(st.sampled_from(SOURCES), st.integers(0, 3000), st.integers(0, 3000))
@settings(max_examples=200, deadline=None)
def test_an_article_cut_anywhere_does_not_break_the_parser(data: bytes, start: int, end: int) -> None:
    assert parse_file(RawFile("a", data[start:] + data[:end])).outcome != "failed"


@given(MARKUP)
@settings(max_examples=300, deadline=None)
def test_any_markup_can_be_read(text: str) -> None:
    assert read_html(text).was_cut is False
    assert read_markdown(text).parts
