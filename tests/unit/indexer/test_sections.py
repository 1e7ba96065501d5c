"""Text is cut at its real headings, and only there."""

from indexer.fields.sections import section_texts, split_sections, subsections


def split(text: str) -> list[tuple[str | None, str, str]]:
    return [(s.heading, s.kind, s.text) for s in split_sections(text.split("\n")).sections]


def codes(text: str) -> list[str]:
    return [d.code for d in split_sections(text.split("\n")).diagnostics]


def test_canonical_headings_open_sections_in_order() -> None:
    assert split("CAUSE\n=====\n\none\n\nSTATUS\n======\n\ntwo") == [
        ("CAUSE", "cause", "one"),
        ("STATUS", "status", "two"),
    ]


def test_a_canonical_heading_over_dashes_is_promoted_and_told() -> None:
    assert split("WORKAROUND\n----------\n\nRestart.") == [("WORKAROUND", "workaround", "Restart.")]
    assert codes("WORKAROUND\n----------\n\nRestart.") == ["demoted-heading"]


def test_a_lower_case_subheading_is_not_promoted() -> None:
    assert split("STATUS\n======\n\na\n\nWorkaround\n----------\n\nb")[0][2].endswith("b")


def test_an_underline_off_by_some_signs_still_makes_a_heading() -> None:
    assert split("SUMMARY\n=========\n\ntext") == [("SUMMARY", "summary", "text")]
    assert codes("SUMMARY\n=========\n\ntext") == ["underline-length"]


def test_other_underlined_titles_are_sections_of_their_own_kind() -> None:
    assert split("SUMMARY\n=======\n\na\n\n1.  Disk Space\n==============\nb")[1] == ("1.  Disk Space", "other", "b")


def test_tables_logs_scripts_and_paragraph_ends_are_no_headings() -> None:
    for head in ("Name      Size", "| a |", "REM ====", "SETUP.LOG", "; a comment", "the end of a sentence."):
        body = f"SUMMARY\n=======\n\na\n\n{head}\n{'=' * len(head)}\n\nb"
        assert [s[0] for s in split(body)] == ["SUMMARY"], head


def test_an_indented_rule_is_no_underline() -> None:
    assert split("  CAUSE\n  =====\ntext") == [(None, "body", "  CAUSE\n  =====\ntext")]


def test_text_before_the_first_heading_is_a_notice() -> None:
    assert split("Take care.\n\nCAUSE\n=====\n\nDust.")[0] == (None, "notice", "Take care.")


def test_text_before_an_empty_heading_is_the_body() -> None:
    assert split("All is here.\n\nSYMPTOMS\n========\n\n")[0][1] == "body"


def test_an_empty_section_is_kept_and_told_with_its_line() -> None:
    found = split_sections(["SUMMARY", "=======", "", "CAUSE", "=====", "", "Dust."], first_line=20)
    assert [(d.code, d.line) for d in found.diagnostics] == [("empty-section", 20)]
    assert found.sections[0].text == ""


def test_a_canonical_text_holds_the_other_parts_behind_it() -> None:
    sections = split_sections(
        ["SUMMARY", "=======", "", "a", "", "APPENDIX", "========", "", "b", "", "CAUSE", "=====", "", "c"]
    ).sections
    assert section_texts(sections, ("summary",))["summary"] == "a\n\nAPPENDIX\n========\n\nb"
    assert section_texts(sections, ("status",)) == {"status": None}


def test_of_repeated_sections_the_first_with_text_is_given() -> None:
    text = "CAUSE\n=====\n\n\nCAUSE\n=====\n\nDust."
    sections = split_sections(text.split("\n")).sections
    assert section_texts(sections, ("cause",))["cause"] == "Dust."


def test_subsections_keep_their_titles() -> None:
    parts = subsections("Lead.\n\nMethod 1\n--------\n\nDo.\n\nName    Size\n------------\nx       1")
    assert [(p.title, p.text.split("\n")[0]) for p in parts] == [(None, "Lead."), ("Method 1", "Do.")]
