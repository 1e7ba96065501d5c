"""Contents of articles: what is packed comes out again, whichever version packed it."""

import json
from dataclasses import replace

import pytest

from kb.models import AppliesTo, Article, CrossReference, Fix, Section, Signature, Step
from kb.records import article_record
from kb.store.content import is_same, pack, unpack_article, unpack_original
from tests.samples import article, sections

FIX = Fix("resolution", "A driver.", (), "CAUSE")
TOLD = article(
    sections=(*sections(symptoms="Blank pages.\nAll day.", cause="A driver."), Section("SEE", "other", "")),
    symptoms="Blank pages.\nAll day.",
    cause="A driver.\n\nSEE",
    summary=None,
    fix=FIX,
)  # fmt: skip
BESIDE = (TOLD.source.path, TOLD.source.sha256, None)
ORIGINALS = [
    b"",
    b"one\r\ntwo\r\n",
    b"C:\\new\r\nline",
    b"\\n",
    b"\r\n",
    b"unix\nends\n",
    b"\r\n\n\r\\",
    "é\r\n".encode("cp1252"),
]


@pytest.mark.parametrize("original", ORIGINALS)
def test_what_is_packed_comes_out_again(original: bytes) -> None:
    content = pack(TOLD, original)
    assert unpack_original(content) == original
    assert unpack_article(content, *BESIDE) == TOLD


@pytest.mark.parametrize(
    "told",
    [
        replace(
            TOLD, keywords=("kbprint", "kb bug"), technology=("kbWinNT", "kbWinNTS"), query_words=("a", ""),
            issue_type=("",),
        ),
        replace(
            TOLD, fix=Fix("workaround", "Wait.", (Step("One", (Step("Two"),)),), None, "B"), versions="",
            applies_to=(AppliesTo("Windows NT"), AppliesTo("Exchange", "4.0", "5.5", ("4.0", "5.5"), "sp3")),
            signatures=(Signature("hex", "0x7b"), Signature("event_id", "2000", "SFMCTRS")),
            error_messages=("Cannot open the file.",),
            cross_references=(CrossReference("Q2", None, "cites"), CrossReference("Q3", "Three", "cites")),
        ),
        replace(
            TOLD, error_messages=("Cannot open 'a'.", "Cannot open 'b'.", "Error"),
            signatures=(Signature("hex", "0x7b"), Signature("message", "cannot open *")),
        ),
        replace(
            TOLD, error_messages=("Cannot open 'a'.",),
            signatures=(Signature("message", "cannot open *"), Signature("hex", "0x7b")),
        ),
        replace(
            TOLD, fix=replace(FIX, section=None),
            applies_to=(AppliesTo("A", None, None, ("1.0",)), AppliesTo("B", "1.0", None, ("1.0", "2.0"))),
        ),
        article(title="", sections=(Section(None, "body", ""),)),
    ],
)  # fmt: skip
def test_what_an_article_lacks_is_lacking_when_it_is_read(told: Article) -> None:
    assert unpack_article(pack(told, b""), told.source.path, told.source.sha256, None) == told


def test_a_list_of_words_is_packed_as_one_line() -> None:
    assert b"kbWinNT kbWinNTS" in pack(replace(TOLD, technology=("kbWinNT", "kbWinNTS")), b"")


def test_a_text_that_is_a_sections_is_packed_once() -> None:
    assert pack(TOLD, b"").count(b"Blank pages.") == 1


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\n\r\n"])
@pytest.mark.parametrize(
    "text", ["Blank pages.\nAll day.", "Print \\n.\nAll day.", "Print\\n", "One\r\nTwo", "é\n\udc80", "\r"]
)
@pytest.mark.parametrize("before", ["", "C:\\new ", "A driver.\n"])
def test_a_text_of_the_original_comes_out_again(before: str, text: str, line_end: str) -> None:
    told = article(sections=(*sections(cause=text), *sections(symptoms=text), Section("END", "other", "A driver.")))
    original = f"{before}CAUSE\n{text}\nSYMPTOMS\n\n{text}\n".replace("\n", line_end).encode("utf-8", "surrogatepass")
    content = pack(told, original)
    assert unpack_original(content) == original
    assert unpack_article(content, told.source.path, told.source.sha256, None) == told


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_a_text_that_stands_in_the_original_is_packed_once(line_end: bytes) -> None:
    original = b"Blank pages.\nAll day.\nA driver.".replace(b"\n", line_end)
    assert pack(TOLD, original).count(b"Blank pages.") == 1


@pytest.mark.parametrize("original", ORIGINALS)
def test_contents_of_version_2_are_read_and_are_the_same(original: bytes) -> None:
    plain = replace(TOLD, source=replace(TOLD.source, path=""))
    before = len(original).to_bytes(4, "little") + original + json.dumps(article_record(plain)).encode()
    assert unpack_original(before) == original
    assert unpack_article(before, *BESIDE) == TOLD
    assert is_same(before, pack(TOLD, original))
    assert not is_same(before, pack(replace(TOLD, title="Another"), original))
    assert not is_same(before, pack(TOLD, original + b"."))
