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
