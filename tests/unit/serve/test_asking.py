"""What a request asks for, and its address."""

from urllib.parse import parse_qs

import pytest

pytest.importorskip("starlette", reason="needs the extra: pip install 'kbfix[web]'")

from kb.search import SearchFilters
from kb.serve.web.asking import (
    Asked,
    compacted,
    names_an_article,
    of_address,
    of_form,
    of_json,
    of_page,
)
from kb.serve.web.problems import Problem


def test_an_address_gives_the_same_search_again() -> None:
    asked = Asked("a & b\nc + d = é", SearchFilters(product="x & y", since="1999", until="1999"), 30)
    values = {name: found[0] for name, found in parse_qs(asked.address().partition("?")[2]).items()}
    assert of_page(values) == asked


def test_an_address_changes_one_filter_and_keeps_the_others() -> None:
    asked = Asked("q", SearchFilters(product="p", version="1"))
    assert asked.address({"version": "2"}) == "/?q=q&product=p&version=2"
    assert asked.address(without=("product",)) == "/?q=q&version=1"


def test_a_pasted_text_loses_only_blanks() -> None:
    assert compacted("a  \r\nb\r\n\r\n\r\n\r\n  c\r\n") == "a\nb\n\n  c"


def test_a_page_takes_what_it_understands() -> None:
    assert of_page({"q": " a ", "product": " ", "limit": "x", "other": "1"}) == Asked("a")
    assert of_page({"q": "a", "limit": "5000"}).limit == 100


@pytest.mark.parametrize("text", ["Q164175", "kb 164175", "KB164175", "https://support.microsoft.com/kb/164175"])
def test_an_id_or_address_names_an_article(text: str) -> None:
    assert names_an_article(text)


@pytest.mark.parametrize("text", ["164175", "Q164175 fails", "STOP 0x7B", "title:printer AND x", "error 1067"])
def test_anything_else_is_searched(text: str) -> None:
    assert not names_an_article(text)


def test_a_form_is_read_as_browsers_send_it() -> None:
    assert of_form(b"q=a+b%0D%0Ac&product=%C3%A9") == {"q": "a b\r\nc", "product": "é"}


@pytest.mark.parametrize("body", [b"q=\xff", b"&".join(b"a=%d" % n for n in range(200))])
def test_another_form_is_refused(body: bytes) -> None:
    with pytest.raises(Problem):
        of_form(body)


def test_the_api_says_what_it_does_not_take() -> None:
    for pairs in ([], [("q", "")], [("q", "a"), ("q", "b")], [("q", "a"), ("x", "b")], [("q", "a"), ("limit", "-1")]):
        with pytest.raises(Problem) as raised:
            of_address(pairs)
        assert raised.value.status == 400
        assert raised.value.next_step


def test_a_whole_number_is_one_however_json_writes_it() -> None:
    assert of_json("application/json; charset=utf-8", b'{"q": "a", "limit": 5.0}').limit == 5
