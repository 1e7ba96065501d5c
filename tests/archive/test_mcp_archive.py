"""`kbfix mcp` over the whole archive: budgets are kept, whatever the article."""

import random
from pathlib import Path

import pytest

from kb.store.articles import Articles
from kb.store.home import open_home
from tests.agent import agent_of, text_of, tokens_of
from tests.command import Command

pytestmark = pytest.mark.archive

ARTICLES = 200
BUDGETS = (600, 1500, 4000)


def test_budgets_are_kept_on_random_articles(archive_home: Path, tmp_path: Path) -> None:
    with Articles(open_home(archive_home)) as articles:
        heads = articles.heads(random.Random(20).sample(list(articles.ids()), ARTICLES))
    assert len(heads) == ARTICLES
    choice = random.Random(21)
    with agent_of(Command(tmp_path, archive_home)) as agent:
        for head in heads.values():
            for name, arguments in (
                ("search_fixes", {"query": head.title}),
                ("get_answer", {"query": head.title}),
                ("read_article", {"id": head.id}),
                ("related_articles", {"id": head.id}),
            ):
                budget = choice.choice(BUDGETS)
                result = agent.call(name, **arguments, max_tokens=budget)
                assert not result.is_error, (name, arguments, text_of(result))
                assert tokens_of(result) <= budget, (name, arguments)
            assert head.id in agent.resource(f"kb://{head.id}")
