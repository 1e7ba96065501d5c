"""Derived data: built aside, swapped in whole, stamped."""

from dataclasses import replace
from pathlib import Path

import pytest

from kb.store.derived import Derived, Stamp
from kb.store.home import make_home

STAMP = Stamp(store="uid", generation=3, analysis=1, format=1)


@pytest.fixture
def derived(tmp_path: Path) -> Derived:
    return Derived(make_home(tmp_path), "engine-x")


def build(derived: Derived, stamp: Stamp = STAMP) -> Path:
    folder = derived.aside()
    folder.mkdir(parents=True)
    (folder / "data").write_bytes(b"12345")
    derived.swap(folder, stamp)
    return folder


def test_nothing_is_there_before_it_is_built(derived: Derived) -> None:
    assert (derived.current(), derived.bytes()) == (None, 0)


def test_what_was_built_is_in_use_after_the_swap_only(derived: Derived) -> None:
    folder = derived.aside()
    folder.mkdir(parents=True)
    assert derived.current() is None
    derived.swap(folder, STAMP)
    assert derived.current() == (folder, STAMP)


def test_the_one_before_is_removed_by_the_swap(derived: Derived) -> None:
    first, second = build(derived), build(derived)
    assert second != first
    assert not first.exists()
    assert derived.bytes() == 5


def test_an_attempt_that_was_left_behind_is_removed(derived: Derived) -> None:
    used = build(derived)
    attempt = derived.aside()
    attempt.mkdir()
    assert derived.aside() == attempt
    assert (attempt.exists(), used.exists()) == (False, True)


def test_restamp_keeps_the_folder(derived: Derived) -> None:
    folder = build(derived)
    derived.restamp(replace(STAMP, generation=4))
    assert derived.current() == (folder, replace(STAMP, generation=4))


@pytest.mark.parametrize("pointer", ["", "{", "[]", '{"folder": "1"}', '{"folder": "9", "stamp": {}}'])
def test_a_damaged_pointer_is_as_if_nothing_was_built(derived: Derived, pointer: str) -> None:
    folder = build(derived)
    (folder.parent / "current.json").write_text(pointer)
    assert derived.current() is None


def test_a_generation_alone_is_no_other_build() -> None:
    assert STAMP.same_build(replace(STAMP, generation=9))
    assert not STAMP.same_build(replace(STAMP, analysis=2))
    assert not STAMP.same_build(replace(STAMP, store="other"))
    assert not STAMP.same_build(None)
