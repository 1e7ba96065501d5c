"""Two titles are twins when they name the same problem, written up for another product or version."""

import pytest

from kb.related import is_twin


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("FP97: How to Use the Search Form with Robots", "FP: Using the Search Form with Robots"),
        ("PC WRmt: Err Msg: Mail Item Not Accepted", "PC WRmt Ext: Err Msg: Mail Item Not Accepted"),
        ("XADM: Cannot Start the Service (Event ID 7000)", "XWEB: Cannot Start the Service"),
        ("Windows 3.1 Setup Hangs at Disk 4", "Windows 3.11 Setup Hangs at Disk 5"),
    ],
)
def test_another_product_or_version_makes_a_twin(one: str, other: str) -> None:
    assert is_twin(one, other)
    assert is_twin(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("FIX: C2440 Expanding Template with a Pointer", "FIX: C2321 Expanding Template with a Pointer"),
        ("Event ID 1171 Exception Has Occurred", "Event ID 4037 Exception Has Occurred"),
        ("Printer Stays Offline", "Printer Prints Blank Pages"),
        ("", ""),
        ("XADM: 5.5", "XADM: 5.5"),
    ],
)
def test_another_code_or_subject_is_another_problem(one: str, other: str) -> None:
    assert not is_twin(one, other)
