"""One file in, one result out, whatever the bytes."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pytest

from indexer.forms.base import Form
from indexer.forms.kb_text import KbText, cut
from indexer.parse import parse_file
from kb.models import Article, RawFile, Source

GOLDEN = Path(__file__).parents[2] / "golden"
PLAIN = (GOLDEN / "plain" / "source.txt").read_bytes()


class Other:
    """A form that claims every file, and fails when told to."""

    def __init__(self, name: str, *, broken: bool = False, empty: bool = False) -> None:
        self.name = name
        self.broken = broken
        self.empty = empty

    def recognises(self, raw: RawFile) -> bool:
        return True

    def parse(self, raw: RawFile) -> Sequence[Article]:
        if self.broken:
            raise ValueError("the reason")
        return () if self.empty else (Article("Printer Offline", "t", Source(raw.path, self.name, "")),)


def parse(data: bytes, *forms: Form, path: str = "a.txt", collection: str | None = None):  # type: ignore[no-untyped-def]  # short in tests
    return parse_file(RawFile(path, data), collection, forms or (KbText(),))


def test_microsoft_articles_keep_their_id() -> None:
    (article,) = parse(PLAIN).articles
    assert (article.id, article.collection, article.source.form) == ("Q900001", "microsoft", "kb-text")


def test_a_collection_makes_the_id_its_own() -> None:
    (article,) = parse(PLAIN, collection="contoso").articles
    assert (article.id, article.collection) == ("contoso:q900001", "contoso")


def test_articles_of_no_known_base_go_to_the_local_collection() -> None:
    (article,) = parse(b"x", Other("other")).articles
    assert (article.id, article.collection) == ("local:printer-offline", "local")


@pytest.mark.parametrize(
    ("data", "code"), [(b"", "empty-file"), (b"\xff\xd8\xff\xe0JFIF", "not-text"), (b"Dear reader,", "unknown-form")]
)
def test_other_files_are_unsupported_and_say_why(data: bytes, code: str) -> None:
    result = parse(data)
    assert (result.outcome, [d.code for d in result.diagnostics]) == ("unsupported", [code])


def test_two_forms_that_claim_a_file_are_both_named() -> None:
    result = parse(b"x", Other("first"), Other("second"))
    assert result.outcome == "failed"
    assert "first and second" in result.diagnostics[0].what


def test_a_bug_in_a_parser_is_reported_with_its_place() -> None:
    result = parse(b"x", Other("other", broken=True))
    assert (result.outcome, result.form, result.diagnostics[0].code) == ("failed", "other", "parser-bug")
    assert "ValueError: the reason at test_parse.py:" in result.diagnostics[0].what


def test_a_form_that_finds_no_article_has_failed() -> None:
    assert [d.code for d in parse(b"x", Other("other", empty=True)).diagnostics] == ["no-article"]


def test_a_lost_first_line_is_made_up_for_by_the_path() -> None:
    data = PLAIN.split(b"\r\n", 1)[1]
    for path, name in (
        ("KB/Q141/4/46.TXT", "Q141446"),
        ("txt/141/Q141446.TXT", "Q141446"),
        ("notes.txt", "local:notes"),
    ):
        (article,) = parse(data, path=path).articles
        assert article.id == name


def test_utf_16_is_recognised() -> None:
    assert parse(PLAIN.decode("ascii").encode("utf-16")).outcome == "parsed"


def test_the_parts_of_a_file_are_the_whole_file() -> None:
    for source in sorted(GOLDEN.glob("*/source.txt")):
        lines = source.read_bytes().decode("cp1252", "replace").replace("\r\n", "\n").split("\n")
        layout = cut(lines)
        parts = [getattr(layout, field.name) for field in dataclasses.fields(layout)]
        assert [line for part in parts for line in part] == lines
