"""Time grows with the size of a file, not with its square, whatever stands in it."""

import time

import pytest

from indexer.parse import parse_file
from kb.models import RawFile

HEADER = (
    b"DOCUMENT:Q100001  01-JAN-1999  [winnt]\r\nTITLE   :x\r\nPRODUCT :P\r\n"
    b"PROD/VER:1\r\nOPER/SYS:\r\nKEYWORDS:\r\n\r\n" + b"=" * 70 + b"\r\nSYMPTOMS\r\n========\r\n\r\n"
)
SIZE = 1_000_000
# A megabyte of ordinary articles takes about 0.2 s; a quadratic pattern takes minutes.
LONGEST_SECONDS = 12.0


@pytest.mark.parametrize(
    "unit",
    [
        b"=", b"-", b" ", b"\t", b"\r\n", b'"', b"(", b"a", b"0", b"1. ", b"Q1", b"A\r\n=\r\n", b" - x\r\n",
        b"error ", b"Event ID 1, ", b"STOP 0x", b"(0x00000001, ", b"corrected in ", b"To resolve this problem, ",
        b"SYMPTOMS\r\n========\r\n", b"-or-\r\n\r\n", b"the following error message:\r\n\r\n",
        b"   Q100002 T\r\n", b"The information in this article applies to:\r\n",
    ],
)  # fmt: skip
def test_a_megabyte_of_one_thing_is_parsed_in_linear_time(unit: bytes) -> None:
    data = HEADER + unit * (SIZE // len(unit))
    start = time.process_time()
    assert parse_file(RawFile("x.txt", data)).outcome == "parsed"
    assert time.process_time() - start < LONGEST_SECONDS
