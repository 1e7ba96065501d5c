"""Engines are found by name, loaded when asked for, and stand in for each other only where nobody chose."""

import subprocess
import sys

import pytest

from kb.engines import registry
from kb.errors import BadInput, IndexUnavailable


@pytest.fixture
def without(monkeypatch):
    """Give a function that makes a library fail to import."""

    def without(name):
        monkeypatch.setitem(sys.modules, name, None)
        monkeypatch.delitem(sys.modules, f"kb.engines.{name}_engine", raising=False)

    return without


def test_the_names_are_those_of_the_interface_the_default_first():
    assert registry.names() == ("tantivy", "whoosh")


def test_an_unknown_name_is_bad_input_and_names_the_choices():
    with pytest.raises(BadInput) as caught:
        registry.engine("lucene")
    assert "lucene" in caught.value.what
    assert "tantivy, whoosh" in caught.value.next_step


@pytest.mark.parametrize("name", registry.available())
def test_an_engine_has_the_name_it_is_asked_for_by(name):
    assert registry.engine(name).name == name


@pytest.mark.parametrize(("name", "other"), [("tantivy", "whoosh"), ("whoosh", "tantivy")])
def test_a_library_that_is_missing_is_told_with_two_ways_out(without, name, other):
    without(name)
    with pytest.raises(IndexUnavailable) as caught:
        registry.engine(name)
    assert f"pip install {name}" in caught.value.next_step
    assert f"--engine {other}" in caught.value.next_step
    assert name not in registry.available()


def test_what_is_asked_for_goes_before_what_is_remembered():
    choice = registry.choose(explicit="whoosh", remembered="tantivy")
    assert (choice.engine.name, choice.fallback) == ("whoosh", None)


def test_what_is_remembered_goes_before_the_default():
    assert registry.choose(remembered="whoosh").engine.name == "whoosh"


@pytest.mark.skipif("tantivy" not in registry.available(), reason="tantivy has no wheel for this platform")
def test_the_default_is_tantivy():
    choice = registry.choose()
    assert (choice.engine.name, choice.fallback) == ("tantivy", None)


@pytest.mark.parametrize("remembered", [None, "tantivy"])
def test_whoosh_steps_in_for_tantivy_and_the_choice_says_so(without, remembered):
    without("tantivy")
    choice = registry.choose(remembered=remembered)
    assert choice.engine.name == "whoosh"
    assert choice.fallback is not None
    assert "tantivy" in choice.fallback
    assert "\n" not in choice.fallback


def test_an_engine_asked_for_by_name_is_never_replaced(without):
    without("tantivy")
    with pytest.raises(IndexUnavailable):
        registry.choose(explicit="tantivy")


def test_nothing_stands_in_for_whoosh(without):
    without("whoosh")
    with pytest.raises(IndexUnavailable):
        registry.choose(remembered="whoosh")


def test_the_registry_loads_no_library_before_it_is_asked():
    code = "import sys, kb.engines.registry; print(sorted({'tantivy', 'whoosh', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_loading_whoosh_writes_no_warning_even_uncompiled_and_with_warnings_as_errors(tmp_path):
    code = "from kb.engines.registry import engine; engine('whoosh')"
    command = [sys.executable, "-W", "error", "-X", f"pycache_prefix={tmp_path}", "-B", "-c", code]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
