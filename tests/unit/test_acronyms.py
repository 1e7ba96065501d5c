"""Acronyms that texts spell out."""

import pytest

from kb.text.acronyms import acronyms


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Internet Mail Connector (IMC) stops.", [("imc", "internet mail connector")]),
        ("A primary domain controller (PDC)", [("pdc", "primary domain controller")]),
        ("the routing and remote access service (RRAS) ends", [("rras", "routing and remote access service")]),
        ("a terminate-and-stay-resident (TSR) program", [("tsr", "terminate and stay resident")]),
        ("non-delivery\nreports (NDRs) arrive", [("ndr", "non delivery reports")]),
        ("Services for Macintosh (SFM) and file transfer protocol (FTP)",
         [("sfm", "services for macintosh"), ("ftp", "file transfer protocol")]),
    ],
)  # fmt: skip
def test_the_words_before_the_bracket_are_taken_by_their_initials(text: str, found: list[tuple[str, str]]) -> None:
    assert list(acronyms([text])) == found


@pytest.mark.parametrize(
    "text",
    [
        "the server (IIS) stops",
        "of domain controllers (PDC)",
        "Mail Connector (IMC)",
        "press the key (ENTER)",
        "a number (7) or a letter (A)",
        "(IMC) Internet Mail Connector",
        "see the file allocation table. (FAT)",
        "",
    ],
)
def test_other_brackets_define_nothing(text: str) -> None:
    assert acronyms([text]) == ()


def test_each_is_told_once() -> None:
    text = "The message transfer agent (MTA) waits for a Message Transfer Agent (MTA)."
    assert acronyms([text, text]) == (("mta", "message transfer agent"),)
