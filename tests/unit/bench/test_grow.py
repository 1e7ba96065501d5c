"""Larger archives made of a real one: the same every time, and made of whole articles."""

import tarfile
from itertools import islice
from pathlib import Path

import pytest

from bench.grow import cut_up, grown, write_tars
from indexer.parse import parse_file
from kb.models import Article, RawFile

CORPUS = Path(__file__).parents[3] / "corpus" / "articles"
REAL = len(list(CORPUS.glob("*.TXT")))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "corpus.tar"
    with tarfile.open(path, "w") as tar:
        for file in sorted(CORPUS.glob("*.TXT")):
            tar.add(file, file.name)
    return path


def made(archive: Path, number: int, seed: int = 1) -> list[tuple[str, bytes]]:
    return list(islice(grown(archive, seed), number))


def parsed(name: str, data: bytes) -> Article:
    (article,) = parse_file(RawFile(f"kb.tar!{name}", data)).articles
    return article


def headed(article: Article) -> list[str]:
    """Return the kinds of the sections that a heading opens; text before it may be a notice or not."""
    return [section.kind for section in article.sections if section.kind not in ("other", "notice", "body")]


def test_the_real_articles_come_first_and_unchanged(archive: Path) -> None:
    assert [data for _, data in made(archive, REAL)] == [f.read_bytes() for f in sorted(CORPUS.glob("*.TXT"))]


def test_the_same_seed_makes_the_same_articles_and_another_seed_others(archive: Path) -> None:
    assert made(archive, REAL + 50) == made(archive, REAL + 50)
    assert made(archive, REAL + 50) != made(archive, REAL + 50, seed=2)


def test_recombined_articles_are_whole_articles_under_new_ids(archive: Path) -> None:
    recombined = made(archive, REAL + 200)[REAL:]
    articles = [parsed(name, data) for name, data in recombined]
    assert [article.id for article in articles] == [f"Q{1_000_001 + n}" for n in range(200)]
    titles = {parsed(name, data).title for name, data in made(archive, REAL)}
    assert {article.title for article in articles} <= titles
    guessed = {d.code for article in articles for d in article.diagnostics}
    assert not guessed & {"no-id", "id-from-path", "bad-date", "no-body", "unknown-form"}


def test_a_recombined_article_has_the_sections_of_the_one_it_has_its_title_from(archive: Path) -> None:
    every = [parsed(name, data) for name, data in made(archive, REAL + 200)]
    real = {article.title: headed(article) for article in every[:REAL]}
    assert {article.id: headed(article) for article in every[REAL:]} == {
        article.id: real[article.title] for article in every[REAL:]
    }


def test_some_sections_come_from_other_articles(archive: Path) -> None:
    own = {}
    for name, data in made(archive, REAL):
        article = parsed(name, data)
        own[article.title] = article.sections
    recombined = [parsed(name, data) for name, data in made(archive, REAL + 200)[REAL:]]
    assert sum(article.sections != own[article.title] for article in recombined) > 20


def test_the_parts_of_an_article_are_the_whole_of_it() -> None:
    for file in sorted(CORPUS.glob("*.TXT")):
        raw = RawFile(str(file), file.read_bytes())
        parts = cut_up(raw)
        if parts is not None:
            text = raw.data.decode("latin-1").replace("\r\n", "\n")
            assert "".join((parts.start, *(body for _, body in parts.sections), parts.end)) == text


def test_a_smaller_archive_is_the_beginning_of_a_larger(archive: Path, tmp_path: Path) -> None:
    small, large = write_tars(grown(archive), tmp_path, [REAL + 5, REAL + 20])
    with tarfile.open(small) as one, tarfile.open(large) as other:
        names = one.getnames()
        assert len(names) == REAL + 5
        assert other.getnames()[: REAL + 5] == names
        assert len(other.getnames()) == REAL + 20


def test_an_archive_without_text_articles_cannot_grow(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("nothing of the kind")
    with pytest.raises(ValueError, match="no article of the text form"):
        made(path, 2)
