"""What is an expression of the query language, what is plain text, and how an expression is read."""

import json
from pathlib import Path

import pytest

from kb.matching.expression import And, Filtered, Not, Or, Phrase, Prefix, Word, spelled, wanted
from kb.matching.query_language import LONGEST_EXPRESSION, expression_of, is_expression
from kb.matching.query_parser import parsed

EXPRESSIONS = (
    "title:printer",
    "error:0xC000021A",
    "error:-2147024891",
    'product:"visual basic" crash',
    "version:4.0 modem",
    'fix:"service pack"',
    "kind:bug",
    "date:[1998 TO 1999]",
    "date:1998..1999",
    "date:..1999 modem",
    "title:(printer OR modem)",
    "printer AND blank",
    "printer OR modem",
    "printer NOT modem",
    "NOT printer AND modem",
    "printer AND (blank OR empty)",
    '"blue screen" AND modem',
    "printer AND 1011",
    "printer AND NOT detected",
    "config*",
    "modem config* sys",
    '"general protection fault"',
    '"blue screen" "memory dump"',
    "  title:printer\n",
)
PLAIN = (
    "",
    "   ",
    "printer prints blank pages",
    "Error: 5",
    "error: 5",
    "error :5",
    "Source: NetBT",
    "Title:printer",
    "TITLE:printer",
    "subtitle:printer",
    "http://x/title:printer",
    "C:\\path\\file.txt",
    "http://support.microsoft.com/kb/164175",
    "DO NOT TURN OFF",
    "It does NOT print",
    "modem NOT detected",
    "printer NOT responding",
    "FILE NOT found",
    "I reinstalled Word AND Excel and both crash",
    "SELECT name FROM users WHERE id IS NOT NULL AND age > 3",
    "AND printer",
    "printer OR",
    "printer and modem",
    "Word AND EXCEL",
    "*** STOP: 0x0000001E (0xC0000005,0x80123456)",
    "{A9E69610-B80D-11D0-B9B9-00A0C922E750}",
    'DCOM got error "An instance is running" attempting to start',
    'the message "general protection fault"',
    '"unbalanced',
    '""',
    '"..."',
    "char* pointer crash",
    "del *.tmp backup*",
    "*really* broken",
    "*does not work*",
    "ab*",
    "how do i delete tmp* files",
    "title:printer\nmodem",
    "title:printer\x0bmodem",
    "title:" + "x" * LONGEST_EXPRESSION,
)


@pytest.mark.parametrize("query", EXPRESSIONS)
def test_what_uses_the_language_is_an_expression(query: str) -> None:
    assert is_expression(query)
    assert expression_of(query) is not None


@pytest.mark.parametrize("query", PLAIN)
def test_what_may_be_pasted_is_plain_text(query: str) -> None:
    assert not is_expression(query)
    assert expression_of(query) is None


@pytest.mark.parametrize(
    "query",
    ["version:[3 TO 4]", 'title:printer "a b"~3', "title:...", "date:..", "[1998 TO 1999] title:x"],
)
def test_what_the_parser_cannot_read_is_plain_text(query: str) -> None:
    assert expression_of(query) is None


def test_no_symptom_of_the_corpus_is_an_expression(corpus: Path) -> None:
    queries = [json.loads(line)["query"] for line in (corpus / "queries.jsonl").read_text("utf-8").splitlines()]
    assert len(queries) == 76
    assert [query for query in queries if is_expression(query)] == []


@pytest.mark.archive
def test_no_labelled_symptom_is_an_expression(test_data: Path) -> None:
    queries = [
        json.loads(line)["query"]
        for path in sorted((test_data / "queries").glob("dev-*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    assert len(queries) > 500
    assert [query for query in queries if is_expression(query)] == []


PRINTER, MODEM, FAX = Word("printer"), Word("modem"), Word("fax")


@pytest.mark.parametrize(
    ("text", "expression", "spelling"),
    [
        ("printer modem", And((PRINTER, MODEM)), "printer AND modem"),
        ("printer AND modem", And((PRINTER, MODEM)), "printer AND modem"),
        ("printer OR modem", Or((PRINTER, MODEM)), "printer OR modem"),
        ("printer NOT modem", And((PRINTER, Not(MODEM))), "printer AND NOT modem"),
        ("printer AND (modem AND fax)", And((PRINTER, MODEM, FAX)), "printer AND modem AND fax"),
        ("printer OR modem AND fax", Or((PRINTER, And((MODEM, FAX)))), "printer OR (modem AND fax)"),
        ("fax printer OR modem", And((FAX, Or((PRINTER, MODEM)))), "fax AND (printer OR modem)"),
        ("NOT (printer OR modem)", Not(Or((PRINTER, MODEM))), "NOT (printer OR modem)"),
        ("printer printer", PRINTER, "printer"),
        ("title:printer", Word("printer", "title"), "title:printer"),
        ("title:(a OR b)", Or((Word("a", "title"), Word("b", "title"))), "title:a OR title:b"),
        ("title:print*", Prefix("print", "title"), "title:print*"),
        ('fix:"service  pack"', Phrase("service pack", "fix"), 'fix:"service pack"'),
        ("error:-5", Word("-5", "error"), "error:-5"),
        ("C:\\win.ini", And((Word("C"), Word("win.ini"))), "C AND win.ini"),
        ("printer - modem", And((PRINTER, MODEM)), "printer AND modem"),
        ('"printer', PRINTER, "printer"),
        ("((printer", PRINTER, "printer"),
        ("printer))", PRINTER, "printer"),
        ("(printer)title:fax", And((PRINTER, Word("fax", "title"))), "printer AND title:fax"),
        ('x "title:fax', And((Word("x"), Word("title"), FAX)), "x AND title AND fax"),
        ("printer AND", And((PRINTER, Word("and"))), "printer AND and"),
        ("kind:bug", Filtered(kind="bug"), "kind:bug"),
        ("version:4.0", Filtered(version="4.0"), "version:4.0"),
        ('product:"windows nt"', Filtered(product="windows nt"), 'product:"windows nt"'),
        ("version:4 product:nt", Filtered(product="nt", version="4"), "product:nt AND version:4"),
        ("product:nt product:nt version:4", Filtered(product="nt", version="4"), "product:nt AND version:4"),
        (
            "product:nt (product:exchange version:5.5)",
            And((Filtered(product="nt"), Filtered(product="exchange", version="5.5"))),
            "product:nt AND (product:exchange AND version:5.5)",
        ),
        ("NOT (product:nt version:4)", Not(Filtered(product="nt", version="4")), "NOT (product:nt AND version:4)"),
        ("date:1998", Filtered(since="1998", until="1998"), "date:1998"),
        ("date:1998..1999-06", Filtered(since="1998", until="1999-06"), "date:1998..1999-06"),
        ("date:[1998 TO 1999]", Filtered(since="1998", until="1999"), "date:1998..1999"),
        ("date:[1998 TO]", Filtered(since="1998"), "date:1998.."),
        ("date:..1999", Filtered(until="1999"), "date:..1999"),
    ],
)
def test_an_expression_has_one_spelling(text: str, expression: object, spelling: str) -> None:
    found = parsed(text)
    assert found == expression
    assert found is not None
    assert spelled(found) == spelling
    assert parsed(spelling) == found


def test_versions_beside_several_products_stand_for_themselves() -> None:
    found = parsed("product:nt product:exchange version:4")
    assert found == And((Filtered(product="nt"), Filtered(product="exchange"), Filtered(version="4")))


@pytest.mark.parametrize("text", ["", "()", '""', "- / *", "..."])
def test_nothing_to_search_is_no_expression(text: str) -> None:
    assert parsed(text) is None


def test_a_thousand_brackets_are_no_error() -> None:
    assert parsed("(" * 1000 + "printer") == PRINTER
    assert parsed("(" * 400 + "printer" + ")" * 400) in (PRINTER, None)


def test_what_is_denied_is_not_wanted() -> None:
    found = parsed("printer NOT (modem OR NOT fax) kind:bug")
    assert found is not None
    assert list(wanted(found)) == [PRINTER, FAX, Filtered(kind="bug")]
