"""The peers that come with the development tools find what they are given; material is read as it was written."""

from pathlib import Path

import pytest

from bench.contenders import MODULES, contender
from bench.contenders.base import Document, Material, plain_words, write_documents

DOCUMENTS = [
    Document("Q1", "Printer Stops", 'The spooler stalls AND "waits".\nNOT a word is printed.'),
    Document("Q2", "Modem Does Not Dial", "The modem hangs up after dialing."),
    Document("Q3", "Flux", "A printer and a modem share an interrupt."),
]


def test_documents_are_read_as_they_were_written(tmp_path: Path) -> None:
    material = Material(Path(), Path(), tmp_path / "texts.jsonl")
    assert write_documents(DOCUMENTS, material.texts) == 3
    assert list(material.documents()) == DOCUMENTS


@pytest.mark.parametrize("name", ["tantivy", "fts5", "whoosh"])
def test_a_library_finds_the_best_first(name: str, tmp_path: Path) -> None:
    pytest.importorskip("tantivy" if name == "tantivy" else "sqlite3")
    peer = contender(name)
    assert peer.version()
    peer.index(DOCUMENTS, tmp_path)
    search = peer.open(tmp_path)
    assert search("printers stopping", 10)[0] == "Q1"
    assert search("the modem, NOT dialing?", 10)[0] == "Q2"
    assert len(search("printer modem", 2)) == 2
    assert search("zebra", 10) == []


@pytest.mark.parametrize("name", MODULES)
def test_every_contender_says_how_it_is_installed_and_started(name: str, tmp_path: Path) -> None:
    each = contender(name)
    assert each.name == name
    assert each.title
    assert each.install
    assert each.index_command(Material(tmp_path, tmp_path, tmp_path), tmp_path)
    assert "printer" in " ".join(each.find_command(tmp_path, "printer stops"))


def test_operators_and_signs_are_no_words_of_a_query() -> None:
    assert plain_words('Error "0x1F": AND (no) title:x') == ["error", "0x1f", "and", "no", "title", "x"]
