"""Applies-to entries: as written, environments, versions."""

import pytest

from indexer.fields.applies_to import product_versions, read_entries
from indexer.fields.versions import parse_versions, version_key
from kb.models import AppliesTo


def test_children_of_used_with_are_environments_and_entries_of_their_own() -> None:
    found = read_entries([" - Class Library, used with: ", "    - Visual C++, version 4.0 ", " - Visual Basic 5.0 "])
    assert found.products == ("Class Library, used with:", "Visual C++, version 4.0", "Visual Basic 5.0")
    assert found.environments == ("Visual C++, version 4.0",)


def test_children_of_included_with_are_products() -> None:
    found = read_entries([" - A Compiler, included with:", "    - C++, version 1.0"])
    assert found.environments == ()
    assert [a.product for a in found.applies_to] == ["A Compiler", "C++"]


def test_an_operating_system_is_an_environment_at_any_level() -> None:
    found = read_entries([" - the operating system: Microsoft Windows 95 ", " - Word 97"])
    assert found.environments == ("the operating system: Microsoft Windows 95",)
    assert [a.product for a in found.applies_to] == ["Word 97"]


def test_indentation_is_relative() -> None:
    strip = read_entries(["- Library, used with:", "   - C++"])
    assert strip.environments == read_entries([" - Library, used with:", "    - C++"]).environments == ("C++",)


def test_placeholders_are_written_but_are_no_products() -> None:
    found = read_entries([" - *EDITOR Please do not choose this product*X* use 241"])
    assert len(found.products) == len(found.placeholders) == 1
    assert found.applies_to == ()


def test_empty_entries_are_dropped() -> None:
    assert read_entries([" - ", "", " -"]).products == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A Server, versions 3.5, 3.51, 4.0", AppliesTo("A Server", "3.5", "4.0", ("3.5", "3.51", "4.0"))),
        ("A Server version 4.0 SP3", AppliesTo("A Server", "4.0", "4.0", ("4.0",), "SP3")),
        ("Server version 5.5 Service Packs 1, 2", AppliesTo("Server", "5.5", "5.5", ("5.5",), "SP1, SP2")),
        ("NT Server version 4.0, Terminal Edition", AppliesTo("NT Server Terminal Edition", "4.0", "4.0", ("4.0",))),
        ("Atlas for Windows 1994 edition", AppliesTo("Atlas for Windows", "1994", "1994", ("1994",))),
        ("Word 97 for Windows", AppliesTo("Word 97 for Windows", "97", "97", ("97",))),
        ("LAN Manager, versions 1.1, 2.x", AppliesTo("LAN Manager", "1.1", "2.x", ("1.1", "2.x"))),
        ("Mail version 3.0 and later", AppliesTo("Mail", "3.0", None, ("3.0",))),
        ("MSPRESS Mastering Basic 5", AppliesTo("MSPRESS Mastering Basic 5")),
        ("Visual C++, 32-bit Editions", AppliesTo("Visual C++, 32-bit Editions")),
    ],
)
def test_an_entry_is_cut_into_product_and_versions(text: str, expected: AppliesTo) -> None:
    assert product_versions(text) == expected


def test_versions_sort_as_people_number_them() -> None:
    order = ("2.9", "2.10", "2.x", "3.1", "3.1a", "3.11", "95", "97", "2000")
    shuffled = order[5:] + order[:5]
    assert tuple(sorted(shuffled, key=version_key)) == order


def test_an_unknown_number_begins_at_nought() -> None:
    assert parse_versions("2.x").first == "2.0"
    assert parse_versions("2.x").last == "2.x"
