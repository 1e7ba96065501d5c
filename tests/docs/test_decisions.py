"""Every decision is one page with its context, the choice, and what that costs."""

import re
from pathlib import Path

import pytest

from .markdown import REPOSITORY, headings, name

DECISIONS = sorted((REPOSITORY / "docs" / "decisions").glob("*.md"))


@pytest.mark.parametrize("page", DECISIONS, ids=name)
def test_a_decision_has_context_choice_and_cost_in_this_order(page: Path) -> None:
    found = headings(page.read_text("utf-8"), level=2)
    assert [title for title in found if title in ("Context", "Choice", "Cost")] == ["Context", "Choice", "Cost"]


@pytest.mark.parametrize("page", DECISIONS, ids=name)
def test_a_decision_is_named_by_number_and_title(page: Path) -> None:
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", page.name)
    [title] = headings(page.read_text("utf-8"), level=1)
    assert page.name[:4] in title


def test_no_number_is_given_twice() -> None:
    numbers = [page.name[:4] for page in DECISIONS]
    assert sorted(set(numbers)) == numbers
