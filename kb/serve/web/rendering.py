"""Templates and static files, all from the package: the one door to the template engine."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from kb import __version__
from kb.models import FIX_WORDS
from kb.serve.web.prose import line
from kb.text.printable import one_line
from kb.text.showing import product_name

_TYPES: Final = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file that pages load: its bytes and media type, and the address that changes with them."""

    content: bytes
    media_type: str
    address: str


@cache
def static_files() -> Mapping[str, StaticFile]:
    """Return all static files by name."""
    found = {}
    for file in files("kb.serve.web").joinpath("static").iterdir():
        content = file.read_bytes()
        mark = hashlib.sha256(content).hexdigest()[:10]
        media = _TYPES[file.name.rpartition(".")[2]]
        found[file.name] = StaticFile(content, media, f"/static/{file.name}?v={mark}")
    return found


def render(template: str, **context: Any) -> str:
    """Return a template with its context as HTML; whatever is no markup is escaped."""
    return _environment().get_template(template).render(context)


def spoken_date(date: str | None) -> str:
    """Return an ISO date as people write it: `22 Oct 2000`."""
    if not date:
        return ""
    year, _, rest = date.partition("-")
    month, _, day = rest.partition("-")
    return " ".join(part for part in (day.lstrip("0"), _MONTHS[int(month) - 1] if month else "", year) if part)


def sentence(words: str) -> str:
    """Return words as a sentence of their own."""
    plain = one_line(words)
    return plain[:1].upper() + plain[1:] + ("" if plain.endswith((".", "?", "!")) else ".")


def kind_words(kind: str) -> str:
    """Return the kind of an article, or of a fix, in words."""
    return FIX_WORDS.get(kind, {"howto": "how-to"}.get(kind, kind.replace("_", " ")))


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("kb.serve.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.globals.update(version=__version__, static={name: file.address for name, file in static_files().items()})
    made.filters.update(
        day=spoken_date,
        kind=kind_words,
        line=line,
        plain=one_line,
        sentence=sentence,
        product=product_name,
        number=lambda value: f"{value:,}",
        percent=lambda value: f"{value:.0%}".replace("%", "\u00a0%"),
        cents=lambda value: round(value * 100),
    )
    return made
