"""Names of engines, and which one to use: no engine's library is imported before its engine is asked for."""

from collections.abc import Callable
from typing import Final

from kb.engines.base import Engine
from kb.errors import BadInput, IndexUnavailable
from kb.frozen import dataclass

DEFAULT: Final = "tantivy"
FALLBACK: Final = "whoosh"


@dataclass(frozen=True, slots=True)
class Choice:
    """The engine to use; `fallback` tells why, in a sentence for the user, where another one had to step in."""

    engine: Engine
    fallback: str | None = None


def names() -> tuple[str, ...]:
    """List the names that `--engine` takes, the default first."""
    return tuple(_LOADERS)


def engine(name: str) -> Engine:
    """Load the engine of this name; `BadInput` if there is none, `IndexUnavailable` if its library cannot be loaded."""
    loader = _LOADERS.get(name)
    if loader is None:
        raise BadInput(f"there is no engine {name!r}", next_step=f"use one of: {', '.join(_LOADERS)}")
    try:
        return loader()
    # A native library of another platform is an ImportError, one built for another system library an OSError.
    except (ImportError, OSError) as error:
        other = next(each for each in _LOADERS if each != name)
        raise IndexUnavailable(
            f"the engine {name} cannot be used here: {' '.join(str(error).split())}",
            next_step=f"run: pip install {name}; or use the other engine: --engine {other}",
        ) from error


def available() -> tuple[str, ...]:
    """List the engines whose library can be loaded here, the default first."""
    usable = []
    for name in _LOADERS:
        try:
            engine(name)
        except IndexUnavailable:
            continue
        usable.append(name)
    return tuple(usable)


def choose(explicit: str | None = None, remembered: str | None = None) -> Choice:
    """Choose the engine: the one asked for, else the one the home remembers, else tantivy, else whoosh.

    Where tantivy cannot be loaded and nobody asked for it by name, whoosh steps in, and the choice says so.
    """
    if explicit is not None:
        return Choice(engine(explicit))
    name = remembered or DEFAULT
    try:
        return Choice(engine(name))
    except IndexUnavailable as error:
        if name == FALLBACK:
            raise
        return Choice(engine(FALLBACK), fallback=f"{error.what}; {FALLBACK} is used instead")


def _tantivy() -> Engine:
    from kb.engines.tantivy_engine import TantivyEngine

    return TantivyEngine()


def _whoosh() -> Engine:
    from kb.engines.whoosh_engine import WhooshEngine

    return WhooshEngine()


_LOADERS: Final[dict[str, Callable[[], Engine]]] = {DEFAULT: _tantivy, FALLBACK: _whoosh}
