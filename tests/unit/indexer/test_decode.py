"""Bytes become text, or are told not to be text."""

import pytest

from indexer.decode import DecodedText, NotText, decode, named_encoding


def text_of(data: bytes) -> str:
    decoded = decode(data)
    assert isinstance(decoded, DecodedText)
    return decoded.text


def codes_of(data: bytes) -> list[str]:
    decoded = decode(data)
    return [decoded.diagnostic.code] if isinstance(decoded, NotText) else [d.code for d in decoded.diagnostics]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_text_is_the_same_in_every_encoding(encoding: str) -> None:
    text = "A señor reads “the list” of plain letters, which goes on for a while."
    assert text_of(text.encode(encoding)) == text


def test_line_ends_and_hard_spaces_become_plain_ones() -> None:
    assert text_of(b"a\r\nb\rc\xa0d\n") == "a\nb\nc d\n"
    assert text_of("a\u3000b\u2003c\u2028d".encode()) == "a b c d"


def test_bytes_undefined_in_cp1252_are_read_as_ms_dos_wrote_them() -> None:
    assert text_of(b"M\x81nchen und \xe4") == "München und ä"
    assert codes_of(b"M\x81nchen und \xe4") == ["encoding-guessed", "undefined-byte"]


def test_a_few_control_characters_are_dropped_and_told() -> None:
    data = b"one\x1a two\x7f" + b" and more plain words" * 20
    assert text_of(data).startswith("one two and")
    assert codes_of(data) == ["control-characters"]


def test_tabs_are_kept() -> None:
    assert text_of(b"a\tb") == "a\tb"


@pytest.mark.parametrize("data", [b"", b" \r\n\t ", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfe\x00\x00"])
def test_a_file_without_words_is_empty(data: bytes) -> None:
    assert codes_of(data) == ["empty-file"]


@pytest.mark.parametrize(
    "data", [b"\xff\xd8\xff\xe0" + b"JFIF" * 9, b"PK\x03\x04rest", b"%PDF-1.4", bytes(range(32)) * 40, b"\x00\x01" * 99]
)
def test_pictures_archives_and_programs_are_no_text(data: bytes) -> None:
    assert codes_of(data) == ["not-text"]


def test_plain_ascii_needs_no_guess() -> None:
    assert codes_of(b"plain") == []


@pytest.mark.parametrize(
    ("name", "codec"), [("shift_jis", "cp932"), ("x-sjis", "cp932"), ("EUC-JP", "euc_jp"), ("iso-8859-7", "iso8859_7")]
)
def test_a_page_is_read_in_the_encoding_it_names(name: str, codec: str) -> None:
    written = "原因" if codec.startswith(("cp", "euc")) else "Αιτία"
    data = f'<meta content="text/html; charset={name}">{written}'.encode(codec)
    assert named_encoding(data) == codec
    decoded = decode(data, named_encoding(data))
    assert isinstance(decoded, DecodedText)
    assert (decoded.text[-len(written) :], decoded.diagnostics) == (written, ())


def test_an_encoding_that_is_named_wrongly_or_not_at_all_is_guessed() -> None:
    assert named_encoding(b"<meta charset=no-such-thing>") is None
    assert named_encoding(b"charset=utf-8") is None
    decoded = decode("<meta charset=shift_jis>é".encode(), "cp932")
    assert isinstance(decoded, DecodedText)
    assert decoded.encoding == "utf-8"
