"""Time grows with the size of a file, not with its square, whatever stands in it."""

import time

import pytest

from indexer.parse import parse_file
from kb.models import RawFile

HEADER = (
    b"DOCUMENT:Q100001  01-JAN-1999  [winnt]\r\nTITLE   :x\r\nPRODUCT :P\r\n"
    b"PROD/VER:1\r\nOPER/SYS:\r\nKEYWORDS:\r\n\r\n" + b"=" * 70 + b"\r\nSYMPTOMS\r\n========\r\n\r\n"
)
SIZE = 250_000
LARGE = 2_000_000
# A quarter megabyte of ordinary articles takes about 0.05 s; a quadratic pattern takes minutes.
LONGEST_SECONDS = 4.0
# Four times as much takes four times as long, give or take what a busy machine adds.
GROWTH = 8.0


def seconds(unit: bytes, size: int) -> float:
    data = HEADER + unit * (size // len(unit))
    start = time.process_time()
    assert parse_file(RawFile("x.txt", data)).outcome == "parsed"
    return time.process_time() - start


@pytest.mark.parametrize(
    "unit",
    [
        b"=", b"-", b" ", b"\t", b"\r\n", b'"', b"(", b"a", b"0", b"Q1", b"A\r\n=\r\n", b" - x\r\n", b"error ",
        b"Event ID 1, ", b"STOP 0x", b"(0x00000001, ", b"To resolve this problem, ", b"SYMPTOMS\r\n========\r\n",
        b"-or-\r\n\r\n", b"   Q100002 T\r\n", b"The information in this article applies to:\r\n",
        b"Event ID: 1 Source: a ", b"Source: a Type: b ", b"   Event ID: 7\r\n\r\n", b"sense ", b"rc=0x1234567 ",
        b"<a ", b"obtain the ", b"a.b ", b"To run it, use that, ", b"if this problem occurs, ",
        b"The fix is available ", b"   a. x\r\n", b"8004", b"80040154 ", b"Run-time error '1' ", b"1.1.1",
        b"error C2440: x\r\n", b"%1 ", b"...",
        b"the following error message:\r\n\r\n", b"Method 1\r\n--------\r\n",
    ],
)  # fmt: skip
def test_a_quarter_megabyte_of_one_thing_is_parsed_in_linear_time(unit: bytes) -> None:
    assert seconds(unit, SIZE) < LONGEST_SECONDS


@pytest.mark.parametrize(
    "unit",
    [b"corrected in ", b"'a' ", b"error 1: A b\r\n", b"1. "],
)
def test_megabytes_take_four_times_as_long_as_a_quarter_of_them(unit: bytes) -> None:
    quarter, whole = seconds(unit, LARGE // 4), seconds(unit, LARGE)
    assert whole < GROWTH * quarter + 1
