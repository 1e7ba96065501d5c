"""The words of headings, as data: which section a heading opens."""

from typing import Final

from kb.models import SectionKind

# Counted over the archive: these are 99.6% of all underlined headings there.
SECTION_KINDS: Final[dict[str, SectionKind]] = {
    "SYMPTOMS": "symptoms",
    "SYMPTOM": "symptoms",
    "PROBLEM DESCRIPTION": "symptoms",
    "CAUSE": "cause",
    "RESOLUTION": "resolution",
    "WORKAROUND": "workaround",
    "STATUS": "status",
    "MORE INFORMATION": "more_information",
    "SUMMARY": "summary",
    "INTRODUCTION": "summary",
    "REFERENCES": "references",
}
# Under a rule of dashes these are ordinary subheadings; the others are sections that lost their rank.
NOT_PROMOTED: Final = frozenset({"INTRODUCTION", "PROBLEM DESCRIPTION"})


def section_kind(heading: str) -> SectionKind | None:
    """Return the canonical section that a heading opens, in whatever case it is written; None for any other."""
    return SECTION_KINDS.get(heading.strip().rstrip(":").upper())
