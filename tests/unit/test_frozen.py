"""Dataclasses that are quick to make are what the standard library's are."""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Mapping
from dataclasses import field
from typing import Any

import pytest

from kb import frozen
from kb.frozen import dataclass
from kb.models import AppliesTo, Article, Section, Source


@dataclass(frozen=True, slots=True)
class Ours:
    """One of ours."""

    name: str
    many: Mapping[str, int] = field(default_factory=dict)
    rest: tuple[str, ...] = ()
    hidden: int = field(default=0, repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Theirs:
    """One of the standard library's."""

    name: str
    many: Mapping[str, int] = field(default_factory=dict)
    rest: tuple[str, ...] = ()
    hidden: int = field(default=0, repr=False)


@dataclass(frozen=True, slots=True)
class One:
    """A class of one field."""

    value: tuple[int, ...]


@pytest.mark.parametrize(
    ("given", "named"),
    [(("a",), {}), (("a", {"b": 1}, ("c",)), {}), ((), {"name": "a", "rest": ("x", "y"), "hidden": 2})],
)
def test_it_holds_and_shows_the_same(given: tuple[Any, ...], named: dict[str, Any]) -> None:
    ours, theirs = Ours(*given, **named), Theirs(*given, **named)
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert [each.name for each in dataclasses.fields(ours)] == [each.name for each in dataclasses.fields(theirs)]
    assert Ours.__match_args__ == Theirs.__match_args__
    assert Ours.__slots__ == Theirs.__slots__


def test_its_parameters_are_the_same() -> None:
    assert list(inspect.signature(Ours).parameters) == list(inspect.signature(Theirs).parameters)
    with pytest.raises(TypeError, match=r"Ours.__init__\(\) missing 1 required positional argument: 'name'"):
        Ours()
    with pytest.raises(TypeError, match="unexpected keyword argument 'other'"):
        Ours("a", other=1)


def test_a_default_that_is_made_is_made_for_each() -> None:
    assert Ours("a").many is not Ours("a").many


def test_it_cannot_be_changed() -> None:
    made: Any = Ours("a")
    for change in (lambda: setattr(made, "name", "b"), lambda: delattr(made, "name"), lambda: setattr(made, "new", 1)):
        with pytest.raises(dataclasses.FrozenInstanceError):
            change()
    assert made.name == "a"
    assert not hasattr(made, "__dict__")


def test_equal_values_are_equal_and_hash_alike() -> None:
    assert Ours("a", rest=("b",)) == Ours("a", rest=("b",))
    assert Ours("a") != Ours("b")
    assert One((1,)) != One((2,))
    assert len({One((1,)), One((1,)), One((2,))}) == 2


def test_it_equals_nothing_of_another_class() -> None:
    assert Ours("a") != Theirs("a")
    assert One((1,)) != (1,)
    assert Ours("a").__eq__(Theirs("a")) is NotImplemented


@pytest.mark.parametrize("made", [Ours("a", {"b": 1}), One((1, 2))])
def test_it_can_be_copied_pickled_and_replaced(made: Any) -> None:
    assert copy.copy(made) == copy.deepcopy(made) == made
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(made, protocol)) == made
    assert dataclasses.replace(made) == made
    assert dataclasses.replace(Ours("a"), name="b") == Ours("b")


def test_articles_are_made_so() -> None:
    article = Article(
        "Q1", "T", Source("p", "f", "s"), applies_to=(AppliesTo("Word"),), sections=(Section(None, "body", "x"),)
    )
    assert pickle.loads(pickle.dumps(article)) == article
    assert hash(article) == hash(dataclasses.replace(article))
    match article:
        case Article(id=name):
            assert name == "Q1"


def test_what_is_no_plain_dataclass_is_refused() -> None:
    class Untold:
        value: int

    class Finished:
        """One that does more as it is made."""

        value: int

        def __post_init__(self) -> None:
            """Do more."""

    class Hidden:
        """One with a field that is no parameter."""

        value: int = field(default=0, init=False)

    made = vars(frozen)["dataclass"]
    for each in (Untold, Finished, Hidden):
        with pytest.raises(TypeError, match=f"{each.__qualname__} is no plain dataclass"):
            made(frozen=True, slots=True)(each)
    with pytest.raises(TypeError, match="only frozen dataclasses with slots"):
        made(frozen=False, slots=True)
