"""An expression of the query language: what an article must hold, as plain data, and its one spelling."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """A word whose terms an article holds, in any field (None) or in the one named."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words whose terms stand side by side in one field."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a term."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Filtered:
    """What an option would filter by, every value as typed; a version beside a product is a version of that product.

    `since` and `until` are the ends of a range of dates, both inclusive, either may be None.
    """

    product: str | None = None
    version: str | None = None
    kind: str | None = None
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more parts."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of two or more parts."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What the part does not say."""

    part: "Expression"


Text = Word | Phrase | Prefix
Expression = Word | Phrase | Prefix | Filtered | And | Or | Not


def all_of(parts: tuple[Expression, ...]) -> Expression:
    """Join one or more parts that must all hold; a product takes the versions beside it to itself."""
    flat = list(dict.fromkeys(each for part in parts for each in (part.parts if isinstance(part, And) else (part,))))
    products = [each.product for each in flat if isinstance(each, Filtered) and each == Filtered(product=each.product)]
    if len(products) == 1:
        flat = [
            Filtered(product=products[0], version=each.version)
            if isinstance(each, Filtered) and each.version and each == Filtered(version=each.version)
            else each
            for each in flat
        ]
    # What applies to a version of a product applies to the product.
    implied = [Filtered(product=each.product) for each in flat if isinstance(each, Filtered) and each.version]
    flat = list(dict.fromkeys(each for each in flat if each not in implied))
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def any_of(parts: tuple[Expression, ...]) -> Expression:
    """Join one or more parts of which one must hold."""
    flat = tuple(dict.fromkeys(each for part in parts for each in (part.parts if isinstance(part, Or) else (part,))))
    return flat[0] if len(flat) == 1 else Or(flat)


def wanted(expression: Expression, *, denied: bool = False) -> Iterator[Text | Filtered]:
    """Yield the parts that say what an article has, in order; not those that say what it has not."""
    match expression:
        case And(parts) | Or(parts):
            for part in parts:
                yield from wanted(part, denied=denied)
        case Not(part):
            yield from wanted(part, denied=not denied)
        case _:
            if not denied:
                yield expression


def spelled(expression: Expression) -> str:
    """Return the expression in its one spelling, which is read as the same expression again."""
    match expression:
        case And(parts):
            # Without brackets a version would be read as one of another product.
            filters = [part for part in parts if isinstance(part, Filtered)]
            is_apart = any(part.version and not part.product for part in filters) or (
                len({part.product for part in filters if part.product}) > 1
            )
            return " AND ".join(
                f"({spelled(part)})"
                if isinstance(part, Or) or (is_apart and isinstance(part, Filtered) and _is_conjunction(part))
                else spelled(part)
                for part in parts
            )
        case Or(parts):
            return " OR ".join(f"({spelled(part)})" if _is_conjunction(part) else spelled(part) for part in parts)
        case Not(part):
            return f"NOT ({spelled(part)})" if isinstance(part, Or) or _is_conjunction(part) else f"NOT {spelled(part)}"
        case Filtered():
            return " AND ".join(_conditions(expression))
        case Phrase(text, field):
            return f'{_label(field)}"{text}"'
        case Prefix(text, field):
            return f"{_label(field)}{text}*"
        case Word(text, field):
            return f"{_label(field)}{text}"


def _is_conjunction(part: Expression) -> bool:
    return isinstance(part, And) or (isinstance(part, Filtered) and len(_conditions(part)) > 1)


def _conditions(part: Filtered) -> list[str]:
    found = [
        f"{name}:{_quoted(value)}"
        for name, value in (("product", part.product), ("version", part.version), ("kind", part.kind))
        if value is not None
    ]
    if part.since is not None or part.until is not None:
        found.append(
            f"date:{part.since}" if part.since == part.until else f"date:{part.since or ''}..{part.until or ''}"
        )
    return found


def _quoted(value: str) -> str:
    return value if value.replace(".", "").isalnum() else f'"{value}"'


def _label(field: str | None) -> str:
    return f"{field}:" if field else ""
