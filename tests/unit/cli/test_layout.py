"""Article text laid out: prose wrapped anew, all else as written."""

from cli.layout import lay_out

PROSE = (
    "When you start the computer, the modem does not answer the\n"
    "telephone, and the line stays open until the program is closed\n"
    "by hand."
)


def test_prose_is_wrapped_to_the_width() -> None:
    assert lay_out(PROSE, 40) == [
        "When you start the computer, the modem",
        "does not answer the telephone, and the",
        "line stays open until the program is",
        "closed by hand.",
    ]


def test_the_indent_is_part_of_the_width() -> None:
    assert max(map(len, lay_out(PROSE, 40, "    "))) <= 40


def test_a_list_keeps_its_items_apart() -> None:
    lines = lay_out(" 1. Open the file that the program names in its message and read on.\n 2. Close it.", 40)
    assert lines[0].startswith(" 1. Open")
    assert lines[1].startswith("    ")
    assert lines[-1] == " 2. Close it."


def test_code_and_tables_keep_their_form() -> None:
    table = "Name      Size      Date\n-------------------------\nA.DLL     100       1999"
    assert lay_out(table, 20) == table.split("\n")
    code = "if (x)\n    y();\nelse\n    z();"
    assert lay_out(code, 20) == code.split("\n")


def test_tabs_become_blanks() -> None:
    assert lay_out("a\tb", 80) == ["a       b"]


def test_no_blank_lines_at_the_ends() -> None:
    assert lay_out("\n\nword\n\n\n", 80) == ["word"]
    assert lay_out("", 80) == []


def test_a_width_smaller_than_a_word_still_ends() -> None:
    assert " ".join(lay_out(PROSE, 1)).split() == PROSE.split()


def test_a_line_may_begin_with_any_white_space() -> None:
    assert [line.strip() for line in lay_out("\xa00", 60)] == ["0"]
