"""What all contenders are given of one archive."""

import tarfile
from pathlib import Path

import pytest

from bench.material import Prepared, prepare

FILLER = " ".join(f"word{n}" for n in range(60))


def article(number: int, symptoms: str) -> str:
    return (
        f"DOCUMENT:Q{number}  01-JAN-2000  [winnt]\nTITLE   :Printer {number} Stops\nPRODUCT :Microsoft Windows NT\n"
        f"PROD/VER:winnt:4.0\nOPER/SYS:\nKEYWORDS:\n\n{'=' * 70}\n\nSYMPTOMS\n========\n\n{symptoms}\n\n"
        "CAUSE\n=====\n\nThe driver waits.\n"
    )


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    files = tmp_path / "txt"
    files.mkdir()
    for number in range(200_000, 200_040):
        # Some have too few words to be a query of forty.
        text = f"Symptom {number} {FILLER}" if number % 4 else f"Symptom {number}"
        (files / f"Q{number}.TXT").write_text(article(number, text))
    archive = tmp_path / "kb.tar"
    with tarfile.open(archive, "w") as tar:
        tar.add(files, "txt")
    labelled = tmp_path / "queries"
    labelled.mkdir()
    (labelled / "dev-written.jsonl").write_text('{"query": "printer is silent"}\n')
    (labelled / "dev-real.jsonl").write_text('{"query": "not of this set"}\n')
    return prepare(archive, tmp_path / "work", 20, 5, labelled)


def test_the_same_articles_are_an_archive_files_and_text(prepared: Prepared) -> None:
    material = prepared.material
    documents = list(material.documents())
    assert prepared.articles == len(documents) == 20
    files = [path for path in material.files.rglob("*") if path.is_file()]
    assert prepared.raw_bytes == sum(path.stat().st_size for path in files)
    with tarfile.open(material.archive) as tar:
        assert (
            {Path(name).stem for name in tar.getnames()} == {path.stem for path in files} == {d.id for d in documents}
        )
    assert {document.title for document in documents} == {f"Printer {d.id[1:]} Stops" for d in documents}


def test_queries_of_all_lengths_are_beginnings_of_the_same_symptoms(prepared: Prepared) -> None:
    sets = prepared.queries
    assert sets["written"] == ["printer is silent"]
    for short, middle, long in zip(sets["5 words"], sets["12 words"], sets["40 words"], strict=True):
        assert (len(short.split()), len(middle.split()), len(long.split())) == (5, 12, 40)
        assert long.startswith(middle)
        assert middle.startswith(short)
    assert len(set(sets["40 words"])) == 5


def test_no_query_was_asked_in_warming_up(prepared: Prepared) -> None:
    numbers = {query.split()[1] for query in prepared.queries["40 words"]}
    assert prepared.queries["warm-up"]
    assert not numbers & {query.split()[1] for query in prepared.queries["warm-up"]}


def test_an_archive_without_long_symptoms_gives_no_queries(tmp_path: Path) -> None:
    path = tmp_path / "Q200001.TXT"
    path.write_text(article(200_001, "It stops."))
    with pytest.raises(ValueError, match="symptoms of 40 words"):
        prepare(path, tmp_path / "work", None, 5, None)
