"""What a bench printed goes into its own part of the page, and nowhere else."""

from pathlib import Path

import pytest

from bench.page_parts import PAGE, put

TEXT = "before\n<!-- growth -->\nold\n<!-- end of growth -->\nbetween\n<!-- other -->\n<!-- end of other -->\n"


def test_only_the_named_part_is_replaced(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(TEXT)
    put("growth", "| a \\1 |\n", page)
    assert page.read_text() == TEXT.replace("old", "\n| a \\1 |\n")
    put("growth", "new", page)
    assert page.read_text() == TEXT.replace("old", "\nnew\n")


def test_a_page_without_the_part_is_an_error(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(TEXT)
    with pytest.raises(ValueError, match="no part <!-- speed -->"):
        put("speed", "x", page)
    assert page.read_text() == TEXT


@pytest.mark.parametrize("part", ["performance", "growth"])
def test_the_page_has_the_parts_that_the_benches_write(part: str, tmp_path: Path) -> None:
    copy = tmp_path / "page.md"
    copy.write_text(PAGE.read_text("utf-8"), "utf-8")
    put(part, "figures", copy)
    assert "\nfigures\n" in copy.read_text("utf-8")
