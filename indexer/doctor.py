"""Examine an installation and a home, check by check."""

import base64
import hashlib
import importlib.metadata
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kb import __version__
from kb.engines.registry import choose, engine, names
from kb.errors import KbError
from kb.matching.forward_index import FORWARD_FORMAT, ForwardIndex
from kb.matching.sentence_index import SentenceIndex
from kb.matching.sentence_model import can_load, load
from kb.matching.term_vectors import shipped_vectors
from kb.matching.vector_index import VECTORS_FORMAT, VectorIndex
from kb.models import DiagnosticLevel
from kb.search import INDEX_FORMAT
from kb.sentences import count_current, stamped
from kb.store.articles import Articles
from kb.store.database import library_version
from kb.store.derived import FORWARD, SENTENCES, VECTORS, Derived, Stamp, engine_folder
from kb.store.home import Home, is_writable, open_home
from kb.text.terms import ANALYSIS_VERSION

_LITTLE_SPACE = 200 << 20
_SHOWN = 5
_LEVELS = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check; without `problems` all is well."""

    check: str
    about: str
    problems: tuple[str, ...] = ()
    next_step: str | None = None


def examine(path: Path, engine_name: str | None = None) -> Iterator[Finding]:
    """Yield the findings for the installation and the home at `path`; HomeError where there is no home."""
    yield _installation()
    yield _engines(engine_name)
    home = open_home(path)
    with Articles(home) as articles:
        yield _store(home, articles)
        yield _space(home)
        for name in names():
            if Derived(home, engine_folder(name)).current():
                yield _index(home, articles, name)
        yield _forward(home, articles)
        yield _vectors(home, articles)
        if Derived(home, SENTENCES).current():
            yield _sentences(home, articles)


@dataclass(frozen=True, slots=True)
class CodeCount:
    """How many articles of the store have a diagnostic of a code, and how many files that gave no article."""

    level: DiagnosticLevel
    code: str
    articles: int
    files: int


def diagnostic_counts(path: Path) -> list[CodeCount]:
    """Return the diagnostics of the home at `path` by code: errors first, then warnings, the most frequent first."""
    articles: Counter[tuple[DiagnosticLevel, str]] = Counter()
    files: Counter[tuple[DiagnosticLevel, str]] = Counter()
    with Articles(open_home(path)) as store:
        for is_article, found in store.diagnostics():
            (articles if is_article else files).update({(each.level, each.code) for each in found})
    counted = [CodeCount(level, code, articles[level, code], files[level, code]) for level, code in articles | files]
    return sorted(counted, key=lambda each: (_LEVELS.index(each.level), -each.articles - each.files, each.code))


def _installation() -> Finding:
    """Compare the installed files with the hashes written at their installation.

    Another package may install folders of the same names (kb, cli) over ours, and pip does not tell.
    """
    about = f"kbfix {__version__}, {library_version()}"
    try:
        files = importlib.metadata.files("kbfix") or []
    except importlib.metadata.PackageNotFoundError:
        return Finding("installation", f"{about}, run from its source")
    changed = []
    for file in files:
        if file.hash is None or not str(file).endswith((".py", ".json", ".sql", ".npy", ".txt")):
            continue
        try:
            data = Path(str(file.locate())).read_bytes()
        except OSError:
            changed.append(f"{file} is missing")
            continue
        digest = base64.urlsafe_b64encode(hashlib.new(file.hash.mode, data).digest()).rstrip(b"=").decode()
        if digest != file.hash.value:
            changed.append(f"{file} is not as it was installed")
    return Finding(
        "installation", about, tuple(changed[:_SHOWN]), "install kbfix again, in an environment of its own (README.md)"
    )


def _engines(asked: str | None) -> Finding:
    usable = []
    for name in names():
        try:
            usable.append(f"{name} {engine(name).version}")
        except KbError:
            continue
    try:
        choose(asked)
    except KbError as error:
        return Finding("engines", ", ".join(usable) or "none", (error.what,), error.next_step)
    return Finding("engines", ", ".join(usable))


def _store(home: Home, articles: Articles) -> Finding:
    problems = articles.problems()
    return Finding(
        "store",
        f"{articles.count():,} articles, generation {articles.generation}" if not problems else str(home.store),
        tuple(problems[:_SHOWN]),
        "import the archives again into a new --home; the old one stays as it is",
    )


def _space(home: Home) -> Finding:
    if not is_writable(home):
        # On a disc nothing is free, and nothing has to be.
        return Finding("disk", f"{home.path} is read-only")
    free = shutil.disk_usage(home.path).free
    problems = (f"only {free >> 20} MB are free",) if free < _LITTLE_SPACE else ()
    return Finding("disk", f"{free / 1e9:.1f} GB free at {home.path}", problems, "free some space before importing")


def _index(home: Home, articles: Articles, name: str) -> Finding:
    step = f"run: kbfix rebuild --engine {name}"
    found = Derived(home, engine_folder(name)).current()
    assert found is not None
    folder, stamp = found
    try:
        used = engine(name)
        problems = list(used.check(folder))
        if not problems:
            with used.open(folder) as reader:
                problems = _differences(set(reader.ids()), articles, stamp, INDEX_FORMAT)
    except KbError as error:
        problems, step = [error.what], error.next_step
    return Finding(f"{name} index", f"generation {stamp.generation}", tuple(problems[:_SHOWN]), step)


def _forward(home: Home, articles: Articles) -> Finding:
    def read(folder: Path) -> tuple[list[str], set[str]]:
        forward = ForwardIndex(folder)
        problems = forward.problems()
        ids = set() if problems else set(forward.ids())
        forward.close()
        return problems, ids

    return _learned(home, articles, (FORWARD, "forward index", "it is not built"), FORWARD_FORMAT, read)


def _vectors(home: Home, articles: Articles) -> Finding:
    def read(folder: Path) -> tuple[list[str], set[str]]:
        vectors = VectorIndex(folder)
        ids = set(vectors.ids())
        vectors.close()
        return [], ids

    return _learned(home, articles, (VECTORS, "vectors", "they are not built"), VECTORS_FORMAT, read)


def _learned(
    home: Home,
    articles: Articles,
    names: tuple[str, str, str],
    version: int,
    read: Callable[[Path], tuple[list[str], set[str]]],
) -> Finding:
    """Check derived data that depend on the term vectors; `read` gives what is wrong with a folder, and its ids.

    `names` are those of the data, of the check, and the words for their absence.
    """
    name, check, absent = names
    found = Derived(home, name).current()
    if found is None:
        return Finding(check, "missing", (absent,), "run: kbfix rebuild")
    folder, stamp = found
    try:
        problems, ids = read(folder)
        problems = problems or _differences(ids, articles, stamp, version, shipped_vectors().version)
    except KbError as error:
        problems = [error.what]
    return Finding(check, f"generation {stamp.generation}", tuple(problems[:_SHOWN]), "run: kbfix rebuild")


def _sentences(home: Home, articles: Articles) -> Finding:
    """Check the sentence vectors; that some are missing, or that they cannot be used here, is no damage."""
    found = Derived(home, SENTENCES).current()
    assert found is not None
    folder, stamp = found
    step = f"remove {folder.parent}, then run: kbfix embed"
    if not stamp.same_build(stamped(articles, stamp.model, 0)):
        return Finding(
            "sentence vectors", "unusable", ("they were made for another store or by another version",), step
        )
    try:
        index = SentenceIndex(folder)
        about = f"by {index.model.name}, for {count_current(index, articles):,} of {articles.count():,} articles"
        index.close()
    except KbError as error:
        return Finding("sentence vectors", "unusable", (error.what,), step)
    if not can_load(index.model.folder):
        about += "; not used: their model is not installed"
        return Finding("sentence vectors", about)
    try:
        is_same = load(index.model.folder).fingerprint == index.model.fingerprint
    except KbError as error:
        return Finding("sentence vectors", about, (error.what,), error.next_step)
    problems = () if is_same else (f"their model {index.model.name} has changed",)
    return Finding("sentence vectors", about, problems, "run: kbfix embed")


def _differences(ids: set[str], articles: Articles, stamp: Stamp, version: int, model: str = "") -> list[str]:
    if not stamp.same_build(Stamp(articles.uid, 0, ANALYSIS_VERSION, version, model)):
        return ["it was built from another store or by another version"]
    if stamp.generation != articles.generation:
        return [f"it is of generation {stamp.generation}, the store of {articles.generation}"]
    stored = set(articles.ids())
    problems = []
    if stored - ids:
        problems.append(f"{len(stored - ids):,} articles are missing, {min(stored - ids)} among them")
    if ids - stored:
        problems.append(f"{len(ids - stored):,} articles in it are not in the store, {min(ids - stored)} among them")
    return problems
