"""Every link, path and target of make that a page names is there."""

from pathlib import Path

import pytest

from .markdown import REPOSITORY, anchors, links, make_targets, name, named_paths, pages

PAGES = pages()
ELSEWHERE = ("https://", "http://", "mailto:")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_relative_links_lead_somewhere(page: Path) -> None:
    dead = []
    for target in links(page.read_text("utf-8")):
        if target.startswith(ELSEWHERE):
            continue
        file, _, anchor = target.partition("#")
        to = (page.parent / file).resolve() if file else page
        if not to.exists() or (anchor and anchor not in anchors(to.read_text("utf-8"))):
            dead.append(target)
    assert dead == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_named_paths_exist(page: Path) -> None:
    missing = [path for path in named_paths(page.read_text("utf-8")) if not any(REPOSITORY.glob(path.rstrip("/")))]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_named_make_targets_exist(page: Path) -> None:
    makefile = (REPOSITORY / "Makefile").read_text("utf-8")
    targets = {line.partition(":")[0] for line in makefile.splitlines() if line[:1].islower()}
    assert make_targets(page.read_text("utf-8")) - targets == set()


def test_every_target_of_make_says_what_it_is_for() -> None:
    makefile = (REPOSITORY / "Makefile").read_text("utf-8")
    declared = next(line for line in makefile.splitlines() if line.startswith(".PHONY:")).split()[1:]
    explained = {line.partition(":")[0] for line in makefile.splitlines() if line[:1].islower() and " ## " in line}
    assert set(declared) == explained


def test_every_page_of_the_docs_stands_in_their_index() -> None:
    index = (REPOSITORY / "docs" / "README.md").read_text("utf-8")
    listed = {(REPOSITORY / "docs" / target).resolve() for target in links(index)}
    expected = {path.resolve() for path in (REPOSITORY / "docs").glob("*.md") if path.name != "README.md"}
    assert expected - listed == set()


def test_the_readme_and_the_map_name_real_things() -> None:
    """Guard the tests above: pages whose links and paths are no longer found would pass them all."""
    readme, architecture = ((REPOSITORY / page).read_text("utf-8") for page in ("README.md", "ARCHITECTURE.md"))
    assert {"demo", "test"} <= make_targets(readme)
    assert len(links(readme)) >= 5
    assert len(links(architecture)) + len(list(named_paths(architecture))) >= 20
