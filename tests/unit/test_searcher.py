"""Opening a home to search it."""

import shutil
from pathlib import Path

import pytest

from kb.errors import IndexUnavailable
from kb.search import Searcher
from kb.store.derived import FORWARD, VECTORS, Derived, Stamp, engine_folder
from kb.store.home import open_home

NAMES = [engine_folder("tantivy"), FORWARD, VECTORS]


@pytest.mark.parametrize("name", NAMES)
def test_what_a_rebuild_replaces_meanwhile_is_opened_as_it_is_then(
    name: str, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rebuild removes the folder that was in use right after another is, whoever has just read its name."""
    plain = Derived.current
    swapped = []

    def replaced_once_read(derived: Derived) -> tuple[Path, Stamp] | None:
        found = plain(derived)
        if derived.name == name and not swapped:
            assert found is not None
            with monkeypatch.context() as patch:
                patch.setattr(Derived, "current", plain)
                swapped.append(Path(shutil.copytree(found[0], derived.aside())))
                derived.swap(swapped[0], found[1])
            assert not found[0].exists()
        return found

    monkeypatch.setattr(Derived, "current", replaced_once_read)
    with Searcher(open_home(own_home)) as searcher:
        assert searcher.search("printer", limit=1).hits
    assert [path.name for path in swapped] == ["2"]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_missing_is_said(name: str, own_home: Path) -> None:
    shutil.rmtree(own_home / "derived" / name)
    with pytest.raises(IndexUnavailable, match="is not built") as raised:
        Searcher(open_home(own_home))
    assert raised.value.next_step == "run: kbfix rebuild --engine tantivy"
