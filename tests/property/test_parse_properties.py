"""What holds for any bytes, and for any damage done to an article."""

import dataclasses
import re
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.decode import DecodedText, decode
from indexer.fields.sections import split_sections
from indexer.forms.kb_text import cut
from indexer.parse import parse_file
from kb.models import RawFile
from kb.records import article_record

SOURCES = [p.read_bytes() for p in sorted((Path(__file__).parents[1] / "golden").glob("*/source.txt"))]
HEADER = SOURCES[0][: SOURCES[0].index(b"----")]
RULE = re.compile(r"[-=]{3,}")
ODD = "\t\x7f\xa0"
# Lines that mean something to the parser, to be strewn among others.
LINES = st.sampled_from(
    ["", "SYMPTOMS", "========", "CAUSE", "=====", "WORKAROUND", "----------", "1. Do it.", "   a. This.", " - that",
     "   -or-", "The following error message appears:", "   STOP: 0x0000000A (1, 2)", "Event ID: 7", "Source: x",
     "To work around this problem:", "   Q123456 A Title", "Method 1", "--------", "x" * 70, "=" * 70, "-" * 79,
     "Additional query words: a", "Keywords          : k", " - Product, versions 1.0, 2.x SP1",
     "The information in this article applies to:", "This problem was corrected in Service Pack 1.", ODD],
)  # fmt: skip
# Of more control characters than one in fifty a file is no text.
BODIES = st.lists(LINES, max_size=40).filter(lambda body: body.count(ODD) <= 4)


def words(text: str) -> Counter[str]:
    return Counter(w for w in text.split() if not RULE.fullmatch(w))


@given(st.binary(max_size=3000))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_a_result(data: bytes) -> None:
    result = parse_file(RawFile("x.txt", data))
    assert result.outcome != "failed"
    assert result.articles or result.diagnostics


@given(st.sampled_from(SOURCES), st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=8)), max_size=8))
@settings(max_examples=300, deadline=None)
def test_a_damaged_article_is_still_parsed_or_told_to_be_none(data: bytes, damage: list[tuple[int, bytes]]) -> None:
    for at, what in damage:
        data = data[:at] + what + data[at + len(what) :]
    result = parse_file(RawFile("x.txt", data))
    assert result.outcome != "failed", result.diagnostics
    for article in result.articles:
        assert article_record(article)["id"]


@given(st.sampled_from(SOURCES), st.integers(0, 4000), st.integers(0, 4000))
@settings(max_examples=200, deadline=None)
def test_an_article_cut_anywhere_does_not_break_the_parser(data: bytes, start: int, end: int) -> None:
    assert parse_file(RawFile("x.txt", data[start:] + data[:end])).outcome != "failed"


@given(BODIES)
@settings(max_examples=400, deadline=None)
def test_every_line_lands_in_exactly_one_part_of_the_file(body: list[str]) -> None:
    decoded = decode(HEADER + "\r\n".join(body).encode("cp1252"))
    assert isinstance(decoded, DecodedText)
    lines = decoded.text.split("\n")
    layout = cut(lines)
    parts = [getattr(layout, field.name) for field in dataclasses.fields(layout)]
    assert [line for part in parts for line in part] == lines


@given(st.lists(LINES | st.text("ab -=.", max_size=12), max_size=40))
@settings(max_examples=400, deadline=None)
def test_every_word_of_a_body_lands_in_exactly_one_section(body: list[str]) -> None:
    lines = [line.replace("\n", " ") for line in body]
    sections = split_sections(lines).sections
    found = sum((words(s.text) + words(s.heading or "") for s in sections), Counter())
    assert found == words("\n".join(lines))


@given(BODIES)
@settings(max_examples=300, deadline=None)
def test_parsing_strewn_lines_never_fails_and_repeats_itself(body: list[str]) -> None:
    raw = RawFile("x.txt", HEADER + "\r\n".join(body).encode("cp1252"))
    first = parse_file(raw)
    assert first.outcome == "parsed", first.diagnostics
    assert parse_file(raw) == first
