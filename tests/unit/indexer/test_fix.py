"""The fix is found wherever it hides."""

import pytest

from indexer.fields.fix import find_fix
from indexer.fields.headings import section_kind
from kb.models import ArticleKind, Fix, Section


def fix(kind: ArticleKind, **texts: str) -> Fix | None:
    headings = {name: name.upper().replace("_", " ") for name in texts}
    return find_fix(kind, [Section(h, section_kind(h) or "other", texts[name]) for name, h in headings.items()])


def summary(found: Fix | None) -> tuple[str, str | None, str | None, str] | None:
    return (found.kind, found.section, found.subsection, found.text) if found else None


def test_resolution_goes_before_workaround() -> None:
    assert summary(fix("problem", workaround="Restart it twice.", resolution="Replace the cable.")) == (
        "resolution", "RESOLUTION", None, "Replace the cable.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("To work around this problem, restart.", "workaround"),
        ("To resolve this problem, obtain the latest service pack.", "service_pack"),
        ("A supported fix is now available from Microsoft.", "service_pack"),
        ("To resolve this problem, upgrade to Index Server 2.0.", "service_pack"),
        ("Obtain and install Windows NT U.S. Service Pack 2.", "service_pack"),
        ("Update the contents of the package by hand.", "resolution"),
        ("There is no resolution at this time.", "no_fix"),
        ("To correct this, install Windows NT 3.51 Service Pack 1.", "service_pack"),
        ("A hotfix for version 2.11 (post SP2) is available to correct this problem.", "service_pack"),
    ],
)
def test_a_resolution_is_named_by_its_own_words(text: str, kind: str) -> None:
    found = fix("bug", symptoms="It stops.", resolution=text)
    assert found is not None
    assert found.kind == kind


def test_a_real_workaround_beats_a_resolution_that_has_none() -> None:
    found = fix("bug", resolution="There is no resolution at this time.", workaround="Print in colour instead.")
    assert summary(found) == ("workaround", "WORKAROUND", None, "Print in colour instead.")


def test_a_subsection_named_workaround_is_found() -> None:
    found = fix("bug", symptoms="It stops.", more_information="Why.\n\nWorkaround\n----------\n\nPress ESC.")
    assert summary(found) == ("workaround", "MORE INFORMATION", "Workaround", "Press ESC.")


def test_a_sentence_takes_its_list_along() -> None:
    text = "It is slow. To work around this problem, do this:\n\n1. A.\n\n2. B.\n\nOther words."
    found = fix("bug", symptoms="It stops.", more_information=text)
    assert found is not None
    assert found.text == "To work around this problem, do this:\n\n1. A.\n\n2. B."
    assert len(found.steps) == 2


def test_the_status_names_the_service_pack() -> None:
    found = fix("fix", symptoms="It stops.", status="This is confirmed. This was corrected in Service Pack 3.")
    assert summary(found) == ("service_pack", "STATUS", None, "This was corrected in Service Pack 3.")


def test_by_design_is_a_kind_of_fix() -> None:
    found = fix("problem", symptoms="It is red.", status="This behavior is by design.")
    assert summary(found) == ("by_design", "STATUS", None, "This behavior is by design.")


def test_a_confirmed_bug_without_remedy_has_no_fix() -> None:
    status = "Microsoft has confirmed this to be a problem. We are researching it."
    assert summary(fix("bug", symptoms="It stops.", status=status)) == ("no_fix", "STATUS", None, status)


def test_inline_labels_give_the_whole_section() -> None:
    cause = " - It is dusty.\n\n   Resolution: Clean it."
    assert summary(fix("problem", symptoms="It stops.", cause=cause)) == ("resolution", "CAUSE", None, cause)


def test_a_section_that_only_disclaims_is_no_fix() -> None:
    text = "The products discussed here are manufactured by vendors independent of Microsoft."
    assert fix("problem", symptoms="It stops.", workaround=text) is None


def test_facts_have_no_fix_and_howtos_a_procedure() -> None:
    assert fix("information", summary="To resolve this problem, do that.") is None
    found = fix("howto", summary="This tells how.", more_information="1. Open.\n\n2. Close.")
    assert found is not None
    assert (found.kind, found.section, len(found.steps)) == ("procedure", "MORE INFORMATION", 2)


def test_of_several_methods_none_names_the_fix() -> None:
    parts = "Update the Driver\n-----------------\n\nObtain the latest driver.\n\nClean\n-----\n\nDelete files."
    assert summary(fix("problem", symptoms="It stops.", resolution=f"Use the following methods.\n\n{parts}")) == (
        "resolution", "RESOLUTION", None, f"Use the following methods.\n\n{parts}",
    )  # fmt: skip
    found = fix("problem", symptoms="It stops.", resolution=f"Obtain the latest version.\n\n{parts}")
    assert found is not None
    assert found.kind == "service_pack"


def test_a_clause_with_a_remedy_beats_the_mere_confirmation() -> None:
    status = "Microsoft has confirmed this to be a problem."
    found = fix("bug", symptoms="It stops.", cause="This warning can be safely ignored.", status=status)
    assert summary(found) == ("resolution", "CAUSE", None, "This warning can be safely ignored.")


def test_what_to_do_if_it_occurs_is_a_remedy() -> None:
    text = "It may stop. If this problem occurs, remove the file and start again."
    assert summary(fix("problem", symptoms="It stops.", summary=text)) == (
        "resolution", "SUMMARY", None, "If this problem occurs, remove the file and start again.",
    )  # fmt: skip


def test_parts_under_other_headings_belong_to_the_fix() -> None:
    sections = [
        Section("RESOLUTION", "resolution", "Do all of this:"),
        Section("1. THE FIRST", "other", "Open it."),
        Section("ISSUE 2", "other", ""),
        Section("SYMPTOMS", "symptoms", "It stops."),
    ]
    found = find_fix("problem", sections)
    assert found is not None
    assert found.text == "Do all of this:\n\n1. THE FIRST\n============\n\nOpen it."


def test_what_reaches_the_aim_is_the_last_resort() -> None:
    text = "It has a fixed size. To make it fill the screen, run it in full-screen mode."
    assert summary(fix("problem", symptoms="It is small.", summary=text)) == (
        "resolution", "SUMMARY", None, "To make it fill the screen, run it in full-screen mode.",
    )  # fmt: skip
    assert fix("problem", symptoms="It is small.", summary="To do this, choose Run.") is None


def test_errata_with_symptoms_name_where_they_are_corrected() -> None:
    found = fix("documentation", symptoms="The page is wrong.", status="This was corrected in version 5.0.")
    assert summary(found) == ("service_pack", "STATUS", None, "This was corrected in version 5.0.")
    assert fix("documentation", summary="This was corrected in version 5.0.") is None


def test_a_part_on_troubleshooting_is_better_than_none() -> None:
    more = "Why.\n\nTroubleshooting\n---------------\n\n1. Ping it."
    found = fix("problem", symptoms="It stops.", more_information=more)
    assert summary(found) == ("resolution", "MORE INFORMATION", "Troubleshooting", "1. Ping it.")
