"""Evaluate an expression over all articles: which satisfy it, exactly, whatever an engine would bring.

The forward index has the terms of every article, by field and in order, as one array of 16-bit units (a term is one
unit or two). A word or a phrase is a pattern of units, looked for in some thousand articles at once; 57 thousand
articles take about a tenth of a second. Patterns cannot match across fields, since `FIELD_END` stands between them.
"""

import heapq
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, get_args

import numpy as np
from numpy.typing import NDArray

from kb.matching.expression import And, Expression, Filtered, Not, Or, Phrase, Prefix, Text, Word
from kb.matching.forward_index import FIELD_END, ForwardIndex
from kb.matching.term_vectors import unflagged
from kb.models import FixKind, Signature
from kb.text.fields import FIELD_WEIGHTS
from kb.text.signatures import find_signatures, message_signature, signature_terms
from kb.text.terms import terms

_MANY: Final = 2048
"""Articles tested at once: few enough for their units to stay in the processor's cache."""
_NAMES: Final = tuple(FIELD_WEIGHTS)
_WEIGHTS: Final = np.array(list(FIELD_WEIGHTS.values()), np.float32)
_ANYWHERE: Final = slice(None)
_TEXT: Final = slice(_NAMES.index("signatures"))
"""All fields but the last, whose terms are no words."""
_SATURATION: Final = 1.2
"""How soon repetition of a term stops adding weight: weight = f / (f + s)."""
_HIGH_SURROGATES: Final = (0xD800, 0xDC00)
_FIX_KINDS: Final[tuple[FixKind, ...]] = get_args(FixKind)
_HEX_TYPES: Final = ("hex", "stop", "hresult")

Units = NDArray[np.uint16]
Mask = NDArray[np.bool_]
_Test = Callable[["_Batch"], Mask]
IdsOf = Callable[[Filtered | FixKind], Collection[str]]


class _Batch:
    """Some articles; what was counted once is remembered."""

    def __init__(self, ids: Sequence[str], units: Units) -> None:
        self.ids = ids
        self._units = units
        self._ends = np.flatnonzero(units == ord(FIELD_END))
        self._counted: dict[bytes, NDArray[np.int64]] = {}

    def frequencies(self, pattern: Units) -> NDArray[np.int64]:
        """Count where a pattern of units stands: articles x fields."""
        known = self._counted.get(key := pattern.tobytes())
        if known is None:
            places = np.flatnonzero(self._units == pattern[0])
            for offset, unit in enumerate(pattern[1:], start=1):
                places = places[places + offset < len(self._units)]
                places = places[self._units[places + offset] == unit]
            known = self._counted[key] = self._by_field(places)
        return known

    def frequencies_of_any(self, codes: "_Codes") -> NDArray[np.int64]:
        """Count where any of some codes stands: articles x fields."""
        places = np.flatnonzero(codes.table[self._units])
        units = self._units[places].astype(np.int32)
        # A term beyond the first 63 thousand has a second unit, which tells it from others with the same first.
        is_pair = (units >= _HIGH_SURROGATES[0]) & (units < _HIGH_SURROGATES[1])
        pairs = places[is_pair]
        whole = ((units[is_pair] - _HIGH_SURROGATES[0]) << 10) + self._units[pairs + 1] - _HIGH_SURROGATES[1] + 0x10000
        return self._by_field(np.concatenate((places[~is_pair], pairs[np.isin(whole, codes.pairs)])))

    def _by_field(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        fields = np.searchsorted(self._ends, places)
        return np.bincount(fields, minlength=len(self.ids) * len(_NAMES)).reshape(len(self.ids), len(_NAMES))


class _Codes:
    """Many terms at once: `table` tells of each unit whether it is one or begins one, `pairs` are those of two."""

    def __init__(self, codes: Iterable[int]) -> None:
        listed = np.array(sorted(codes), np.int32)
        self.pairs = listed[listed > 0xFFFF]
        self.table = np.zeros(0x10000, bool)
        self.table[listed[listed <= 0xFFFF]] = True
        self.table[_HIGH_SURROGATES[0] + ((self.pairs - 0x10000) >> 10)] = True


def satisfying(expression: Expression, forward: ForwardIndex, ids_of: IdsOf) -> list[str]:
    """Return the ids of all articles that satisfy the expression, in no order.

    `ids_of` tells which articles are within a filter, or have a kind of fix.
    """
    test = _Compiler(forward, ids_of).test(expression)
    found: list[str] = []
    for ids, units in forward.every_sequence(_MANY):
        found += [ids[place] for place in np.flatnonzero(test(_Batch(ids, units)))]
    return found


def weightiest(ids: Collection[str], frequencies: Mapping[str, int], forward: ForwardIndex, most: int) -> list[str]:
    """Return the `most` of the articles `ids` in which some terms weigh most, ties by id.

    `frequencies` are the terms and how many articles hold each. As BM25F without the length: the idf of each term times
    its frequency, weighted by field and saturated.
    """
    codes = forward.codes(frequencies)
    held = {term: number for term, number in frequencies.items() if term in codes}
    patterns = [_pattern([codes[term]]) for term in held]
    number = forward.averages()[0]
    idf = np.array([math.log(1 + (number - n + 0.5) / (n + 0.5)) for n in held.values()])
    scored: list[tuple[float, str]] = []
    for batch_ids, units in forward.every_sequence(_MANY, ids):
        batch = _Batch(batch_ids, units)
        weighed = np.zeros((len(batch_ids), len(patterns)), np.float32)
        for column, pattern in enumerate(patterns):
            counts = batch.frequencies(pattern)
            with unflagged():
                weighed[:, column] = counts @ _WEIGHTS
        with unflagged():
            scores = ((weighed / (weighed + _SATURATION)) @ idf).round(4).tolist()
        scored += zip((-score for score in scores), batch_ids, strict=True)
    return [article_id for _, article_id in heapq.nsmallest(most, scored)]


class _Compiler:
    """Makes an expression a test of batches, with what it needs of the forward index looked up once."""

    def __init__(self, forward: ForwardIndex, ids_of: IdsOf) -> None:
        self._forward = forward
        self._ids_of = ids_of

    def test(self, expression: Expression) -> _Test:
        match expression:
            case And(parts):
                return _all([self.test(part) for part in parts])
            case Or(parts):
                return _any([self.test(part) for part in parts])
            case Not(part):
                denied = self.test(part)
                return lambda batch: ~denied(batch)
            case Filtered():
                return _among(self._ids_of(expression))
            case Word() | Phrase() | Prefix():
                return self._text(expression)

    def _text(self, part: Text) -> _Test:
        if part.field == "title":
            return self._held(part, _field("title"))
        if part.field == "fix":
            kind = fix_kind_of(part)
            tests = [self._held(part, _field("resolution"))]
            return _any([*tests, _among(self._ids_of(kind))] if kind else tests)
        if part.field == "error":
            return self._error(part)
        return self._held(part, _TEXT)

    def _held(self, part: Text, field: slice) -> _Test:
        """Return the test for articles whose text holds the part."""
        if isinstance(part, Prefix):
            return self._begun(part.text, field)
        listed = terms(part.text)
        if isinstance(part, Phrase):
            return self._side_by_side(listed, field)
        return _all([self._side_by_side([term], field) for term in dict.fromkeys(listed)])

    def _begun(self, prefix: str, field: slice) -> _Test:
        # A whole word with a star is found too where its stem is shorter: `printing*` finds "printing".
        codes = self._forward.codes((*self._forward.beginning_with(prefix.lower()), *terms(prefix)[:1]))
        any_of_them = _Codes(codes.values())
        return lambda batch: _has(batch.frequencies_of_any(any_of_them)[:, field])

    def _side_by_side(self, listed: Sequence[str], field: slice) -> _Test:
        codes = self._forward.codes(listed)
        if not listed or any(term not in codes for term in listed):
            return _none
        pattern = _pattern([codes[term] for term in listed])
        return lambda batch: _has(batch.frequencies(pattern)[:, field])

    def _error(self, part: Text) -> _Test:
        """Return the test for articles that have an error as their own in any spelling, or whose text holds it."""
        tests = [self._held(part, _TEXT)]
        if not isinstance(part, Prefix):
            own = [_any([self._side_by_side([term], _ANYWHERE) for term in each]) for each in error_terms(part.text)]
            message = message_signature(part.text)
            tests += [_all(own)] if own else []
            tests += [self._side_by_side(signature_terms((message,)), _field("signatures"))] if message else []
        return _any(tests)


def fix_kind_of(part: Text) -> FixKind | None:
    """Return the kind of fix that the value of `fix:` names: `by_design`, "service pack"."""
    named = "_".join(part.text.lower().replace("-", " ").split())
    return next((kind for kind in _FIX_KINDS if part.field == "fix" and kind == named), None)


def error_terms(value: str) -> Iterator[tuple[str, ...]]:
    """Yield for each code in the value of `error:` the terms of which an article has one."""
    of_hresult: str | None = None
    for signature in find_signatures(value):
        if signature.type == "win32" and of_hresult and of_hresult == f"8007{int(signature.value):04x}":
            continue  # What an HRESULT wraps; taken alone it would find every "error 5".
        if signature.type == "article_id":
            continue
        if signature.type in ("hex", "hresult"):
            of_hresult = signature.value
            same = signature_terms(Signature(kind, signature.value) for kind in _HEX_TYPES)
            yield (*same, f"#{signature.value}")
        else:
            # The last term is the sharpest: that of an event with its source.
            yield signature_terms((signature,))[-1:]


def _all(tests: Sequence[_Test]) -> _Test:
    def test(batch: _Batch) -> Mask:
        held = np.ones(len(batch.ids), bool)
        for each in tests:
            held &= each(batch)
            if not held.any():
                break
        return held

    return test


def _any(tests: Sequence[_Test]) -> _Test:
    def test(batch: _Batch) -> Mask:
        held = np.zeros(len(batch.ids), bool)
        for each in tests:
            held |= each(batch)
        return held

    return test


def _among(ids: Collection[str]) -> _Test:
    return lambda batch: np.fromiter((each in ids for each in batch.ids), bool, len(batch.ids))


def _has(frequencies: NDArray[np.int64]) -> Mask:
    found: Mask = np.any(frequencies > 0, axis=1)
    return found


def _none(batch: _Batch) -> Mask:
    return np.zeros(len(batch.ids), bool)


def _field(name: str) -> slice:
    place = _NAMES.index(name)
    return slice(place, place + 1)


def _pattern(codes: Sequence[int]) -> Units:
    return np.frombuffer("".join(map(chr, codes)).encode("utf-16-le"), "<u2").astype(np.uint16, copy=False)
