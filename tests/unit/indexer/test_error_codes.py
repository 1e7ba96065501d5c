"""Codes as a user sees them."""

import pytest

from indexer.fields.error_codes import find_error_codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("STOP: 0x0000000A (0x1234, 0x0002, 0x0000, 0x80101234)", ("STOP 0x0000000A",)),
        ("a Stop 0xA screen", ("STOP 0xA",)),
        ("STOP: C000021A", ("STOP C000021A",)),
        ("Event ID: 4182", ("Event ID 4182",)),
        ("Event IDs 20103, 20133, or 7024", ("Event ID 20103", "Event ID 20133", "Event ID 7024")),
        ("event 6008 is logged", ("Event 6008",)),
        ("Run-time error '429': Component", ("Run-time error 429",)),
        ("Run-time error '-2147467259 (80004005)'", ("Run-time error -2147467259", "80004005")),
        ("the error 80004005 is returned", ("error 80004005",)),
        ("HRESULT 80004005, (Key not found.)", ("80004005",)),
        ("fails with 0x8007010b as the result", ()),
        ("the result 0x8007010b is returned", ("0x8007010b",)),
        ("a.c(1) : fatal error C1083: Cannot open", ("C1083",)),
        ("LNK1104 and LNK2001", ("LNK1104", "LNK2001")),
        ("you receive an HTTP 500 error", ("HTTP 500",)),
        ("System error 1067 has occurred", ("System error 1067",)),
        ("State:37000,Native:-3100", ("37000", "-3100")),
        ("Run Time Error '11'", ("Run Time Error 11",)),
        ("LINK returned error code 2.", ("error code 2",)),
        ("the error code is 0x57", ("error code 0x57",)),
        ("GetLastError returns the value 0x57F", ("0x57F",)),
        ("Negative Response (SENSE=08350001)", ("08350001",)),
        ("The sense code will be 08350001 always", ()),
        ("CreateFontIndirect failed, rc=0x20000017", ("0x20000017",)),
        ("HRESULT= 0004005", ("0004005",)),
        ("returned 'c7ff000d' from a call", ("c7ff000d",)),
        ("OLE error code 0x800101105: the server", ("OLE error code 0x800101105",)),
        ("the store stops with a -1018 error", ("Error -1018",)),
        ('open a prompt when you get the "-1011" error message', ("Error -1011",)),
        ("the directory ends with exception e0010002", ("exception e0010002",)),
        ("Device Manager tells of a conflict (Code 12).", ("Code 12",)),
        ("9/12/97  1:44:17 PM  MSExchangeMTA  Warning  X.400 Service  210   N/A  An error", ("Event 210",)),
        ("MAPI error: Exchange Client -- 1281 -- [80000008:FFFFFC0D].", ("80000008", "FFFFFC0D")),
        ("CXX0004: Error: syntax error", ("CXX0004",)),
        ('NMAKE stops with U1001 "syntax error"', ("U1001",)),
    ],
)
def test_codes_are_found_as_written(text: str, codes: tuple[str, ...]) -> None:
    assert find_error_codes("", [text]) == codes


@pytest.mark.parametrize(
    "text",
    [
        "the compiler found 3 errors in 20 files",
        "Event 3 of the series",
        "a mask of 0x00FF00FF and C1000 bytes",
        "load address 0x77f81234",
        "an error of 5 MB",
        "stop the service",
        "one of these errors: 32-bit File Access was unable to run",
        "0 Warning Errors 1 Severe Errors",
        "an error at 806d9820 800c255c : ntkrnlmp!KiLookupFunctionEntry+0x74",
        "Error 1: Access denied. Error 2: No path.",
    ],
)
def test_other_numbers_are_no_codes(text: str) -> None:
    assert find_error_codes("", [text]) == ()


@pytest.mark.parametrize(
    ("message", "codes"),
    [
        ("404 Not Found", ("404",)),
        ("19033-ERROR: subscript goes beyond range", ("19033",)),
        ("9001: An exception has occurred", ("9001",)),
        ("09/02/95 05:10:18 | Fatal Error", ()),
        ("256 Color VGA not available", ()),
        ("386 System display type mismatch.", ()),
    ],
)
def test_the_number_that_begins_a_message_is_its_code(message: str, codes: tuple[str, ...]) -> None:
    assert find_error_codes("", [], [message]) == codes


def test_titles_of_cited_articles_do_not_count() -> None:
    assert find_error_codes("", ["see\n\n   Q100001 Err Msg: Error 5 Occurs\n"]) == ()


def test_a_number_is_given_once_in_its_first_spelling() -> None:
    assert find_error_codes("STOP 0x0000001E at Start", ["The STOP 0x1E appears."]) == ("STOP 0x0000001E",)


@pytest.mark.parametrize(
    ("title", "text", "code"),
    [
        ("Stop 0xA on Startup", "STOP: 0x0000000A", "STOP 0x0000000A"),
        ("Events 7000 Logged", "Event ID: 7000", "Event ID 7000"),
    ],
)
def test_of_two_spellings_the_one_on_the_screen_is_given(title: str, text: str, code: str) -> None:
    assert find_error_codes(title, [text]) == (code,)


def test_a_title_names_well_known_codes_without_a_word_before_them() -> None:
    assert find_error_codes("C0000005 When Building", "") == ("C0000005",)
    assert find_error_codes("A Blue Screen STOP 1E", "") == ("STOP 1E",)
    assert find_error_codes("How to Stop a Service", "") == ()


def test_the_title_counts() -> None:
    assert find_error_codes("Error 53 with Long Names", [""]) == ("Error 53",)


def test_a_number_in_a_message_needs_no_word_before_it() -> None:
    assert find_error_codes("", ["It fails: 80040e14."], ["It fails: 80040e14."]) == ("80040e14",)
