"""Article ids in the spellings that people, links and files use."""

import pytest

from kb.text.ids import article_id, microsoft_id


@pytest.mark.parametrize(
    "spelling",
    [
        "Q164175", "q164175", "KB164175", "kb 164175", "164175", "Q 164175", "KB-164175", "<Q164175>",
        '"Q164175".', "Q164175.TXT", "q164175.htm", "kb://Q164175", "MS-KB 164175", "Q0164175",
        "http://support.microsoft.com/kb/164175", "https://support.microsoft.com/kb/164175/en-us",
        "http://support.microsoft.com/?kbid=164175", "http://support.microsoft.com/?id=164175",
        "http://support.microsoft.com/default.aspx?scid=kb;en-us;Q164175",
        "http://support.microsoft.com/default.aspx?scid=kb;EN-US;164175", "kb;en-us;164175", "scid=kb;164175",
        "http://support.microsoft.com/support/kb/articles/Q164/1/75.ASP", "articles/Q164/1/75.asp", "Q164/1/75",
        "https://mirror.example/kb/Q164175.html",
    ],
)  # fmt: skip
def test_every_spelling_names_the_same_article(spelling: str) -> None:
    assert article_id(spelling) == "Q164175"


def test_leading_zeros_do_not_count() -> None:
    assert microsoft_id("0035044") == "Q35044"
    assert article_id("Q035044") == "Q35044"


def test_a_short_number_fills_the_split_path() -> None:
    assert article_id("http://support.microsoft.com/support/kb/articles/Q35/0/44.asp") == "Q35044"


def test_ids_of_other_collections_stay_as_they_are() -> None:
    assert article_id("contoso:printer-offline") == "contoso:printer-offline"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Q",
        "printer offline",
        "Q12",
        "Q123456789",
        "http://example.com/",
        "12.5",
        "QQ164175x",
        "0000",
        "Q0000012",
        "Q10/0/0",
    ],
)
def test_what_names_no_article_is_none(text: str) -> None:
    assert article_id(text) is None
