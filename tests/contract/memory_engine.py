"""An engine of plain dictionaries, written straight from the contract's words: the oracle for the others."""

import json
from collections import Counter
from math import log
from pathlib import Path

from kb.engines.base import (
    K1,
    B,
    EngineStats,
    busy,
    bytes_on_disk,
    check_request,
    damaged,
    not_built,
    prepare_folder,
    rounded,
)
from kb.errors import KbError
from kb.models import Candidate, IndexDocument

NAME = "memory"
FILE = "memory.json"
_writing: set[Path] = set()


class MemoryEngine:
    name = NAME
    version = "1"

    def create(self, path):
        prepare_folder(NAME, path, FILE)
        _save(path, {})

    def open(self, path):
        return MemoryReader(path)

    def writer(self, path, *, build=False):
        return MemoryWriter(path)

    def check(self, path):
        try:
            _load(path)
        except KbError as error:
            return [error.what]
        return []


class MemoryReader:
    def __init__(self, path):
        self.path = path
        self.refresh()

    def refresh(self):
        self.documents = _load(self.path)

    def candidates(self, terms, filters, limit):
        check_request(filters, limit)
        found = []
        frequencies = self.document_frequencies(terms)
        lengths = {each: sum(document.terms.values()) for each, document in self.documents.items()}
        average = sum(lengths.values()) / len(lengths) if lengths else 0.0
        for each, document in self.documents.items():
            score = 0.0
            for term, weight in terms.items():
                frequency = document.terms.get(term, 0)
                if frequency and weight > 0:
                    idf = log(1 + (len(self.documents) - frequencies[term] + 0.5) / (frequencies[term] + 0.5))
                    norm = 1 - B + B * lengths[each] / average
                    score += weight * idf * frequency * (K1 + 1) / (frequency + K1 * norm)
            if score > 0 and _passes(document, filters):
                found.append(Candidate(each, rounded(score)))
        return sorted(found, key=lambda candidate: (-candidate.score, candidate.id))[:limit]

    def document_frequencies(self, terms):
        counts = Counter(term for document in self.documents.values() for term in document.terms)
        return {term: counts[term] for term in terms}

    def ids(self):
        return iter(self.documents)

    def stats(self):
        return EngineStats(len(self.documents), bytes_on_disk(self.path), NAME, "1")

    def close(self):
        self.documents = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class MemoryWriter:
    def __init__(self, path):
        self.path = path
        self.documents = _load(path)
        if path in _writing:
            raise busy(NAME, path)
        _writing.add(path)

    def add(self, documents):
        for document in documents:
            positive = {term: frequency for term, frequency in document.terms.items() if frequency > 0}
            self.documents[document.id] = IndexDocument(document.id, positive, document.keywords, document.date)

    def delete(self, ids):
        for each in ids:
            self.documents.pop(each, None)

    def commit(self):
        _save(self.path, self.documents)

    def close(self):
        _writing.discard(self.path)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def _passes(document, filters):
    for name, values in filters.keywords.items():
        if not values & set(document.keywords.get(name, ())):
            return False
    if filters.since is not None and (document.date is None or document.date < filters.since):
        return False
    return filters.until is None or (document.date is not None and document.date <= filters.until)


def _save(path, documents):
    rows = [[each.id, dict(each.terms), dict(each.keywords), each.date] for each in documents.values()]
    (path / FILE).write_text(json.dumps(rows), encoding="utf-8")


def _load(path):
    try:
        rows = json.loads((path / FILE).read_text(encoding="utf-8"))
    except OSError as error:
        raise not_built(NAME, path) from error
    except ValueError as error:
        raise damaged(NAME, path, error) from error
    return {row[0]: IndexDocument(*row) for row in rows}
