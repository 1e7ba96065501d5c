"""Compare kbfix with its parts and its peers on the labelled queries: `make relevance-table HOME_DIR=...`.

One run, one archive, the same queries: what is installed beside it and asked as its own documentation says (tantivy,
SQLite FTS5, Whoosh, bm25s), the engine's candidates, each kind of evidence alone, all of them, and all without one.
What is learned is learned out of fold (bench/train_ranking.py). Prints a table in markdown, with 95 % intervals of a
bootstrap over the queries for S@1 of the written ones; writes docs/reliability.svg: how often chances of so much were
right.
"""

import argparse
import importlib.metadata
import json
import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.reliability_plot import reliability_svg
from bench.train_ranking import (
    OFF_TOPIC,
    Labelled,
    collect,
    cross_validated_confidence,
    cross_validated_rankings,
    deal,
    learn_ranking,
    right_ids,
)
from kb.engines.registry import engine
from kb.matching.features import FEATURES, plain_name
from kb.matching.ranking import RankingModel, rarest
from kb.matching.reasons import KINDS
from kb.matching.understanding import understand
from kb.models import Article, Filters
from kb.search import Searcher
from kb.store.derived import Derived, engine_folder
from kb.store.home import open_home
from kb.text.terms import terms

PLOT = Path(__file__).parent.parent / "docs/reliability.svg"
GROUPS = {"written": ("written", "written-2", "written-3"), "real": ("real",), "errors": ("errors",)}
LIMIT = 200
Search = Callable[[str], list[str]]


def main() -> None:
    """Score every method, print the table, write the plot."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("home", type=Path)
    arguments.add_argument("queries", type=Path, help="folder of dev-*.jsonl")
    arguments.add_argument("--no-peers", action="store_true")
    options = arguments.parse_args()
    print("| method | written S@1 | S@10 | MRR@10 | real S@1 | S@10 | MRR@10 | errors S@1 | S@10 |", flush=True)
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    told = read(options.queries)
    if not options.no_peers:
        for name, search in peers(options.home):
            row(name, [(group, places(search(query), right)) for group, query, right in told])
    name, search = engine_alone(options.home)
    row(name, [(group, places(search(query), right)) for group, query, right in told])
    queries = collect(options.home, "tantivy", options.queries, semantic=False)
    for feature, name in (("match", "BM25F alone"), ("meaning", "vectors alone (of all candidates)")):
        row(name, learned(queries, lambda _, only=feature: one_feature(only)))
    for kinds in ({"words", "length"}, {"meaning", "length"}):
        row(f"learned: {' and '.join(sorted(kinds))}", learned(queries, without(set(KINDS.values()) - kinds)))
    for kind in sorted(set(KINDS.values())):
        row(f"kbfix without {kind}", learned(queries, without({kind})))
    row("**kbfix**", learned(queries, learn_ranking))
    PLOT.write_text(reliability_svg(out_of_fold_chances(queries)), "utf-8")


def read(folder: Path) -> list[tuple[str, str, set[str]]]:
    """Return group, query and right articles of every query that has any."""
    found = []
    for group, names in GROUPS.items():
        for name in names:
            for line in (folder / f"dev-{name}.jsonl").read_text("utf-8").splitlines():
                query = json.loads(line)
                found.append((group, query["query"], {*query["relevant"], *(query.get("also") or [])}))
    return found


def places(ids: Sequence[str], right: set[str]) -> int:
    """Return the place of the first right article from 1, 0 where there is none."""
    return next((place for place, each in enumerate(ids, start=1) if each in right), 0)


def row(name: str, found: Sequence[tuple[str, int]]) -> None:
    """Print the figures of one method."""
    cells = []
    for group in GROUPS:
        some = [place for kind, place in found if kind == group]
        share = {k: sum(0 < p <= k for p in some) / len(some) for k in (1, 10)}
        mean = sum(1 / p for p in some if 0 < p <= 10) / len(some)
        first = f"{share[1]:.3f}" + (f" ({interval([p == 1 for p in some])})" if group in ("written", "real") else "")
        cells += [first, f"{share[10]:.3f}", *([f"{mean:.3f}"] if group != "errors" else [])]
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def interval(hits: Sequence[bool], samples: int = 1000) -> str:
    """Return the middle 95 % of the mean over queries drawn again with replacement."""
    chance = random.Random(1)
    means = sorted(sum(chance.choices(hits, k=len(hits))) / len(hits) for _ in range(samples))
    return f"{means[int(0.025 * samples)]:.2f} to {means[int(0.975 * samples)]:.2f}"


def engine_alone(home: Path) -> tuple[str, Search]:
    """Return what the engine brings for the terms of a query, in its own order."""
    found = Derived(open_home(home), engine_folder("tantivy")).current()
    assert found is not None
    index = engine("tantivy").open(found[0])

    def search(query: str) -> list[str]:
        understood = understand(query)
        weights = rarest(understood.weights, index.document_frequencies(understood.weights))
        return [each.id for each in index.candidates(weights, Filters(), LIMIT)]

    return "kbfix's engine alone: tantivy, one weighted field", search


def learned(queries: Sequence[Labelled], learn: Callable[[Sequence[Labelled]], RankingModel]) -> list[tuple[str, int]]:
    """Return group and place of every query, ranked by a model that saw nothing of its fold."""
    rankings = cross_validated_rankings(queries, deal([query.id for query in queries]), learn)
    return [
        (group, places([each.id for each in rankings[query.id]], right_ids(query)))
        for query in queries
        for group, sets in GROUPS.items()
        if query.kind in sets and query.answers
    ]


def one_feature(name: str) -> RankingModel:
    """Return a model for which one feature is the score."""
    return RankingModel(tuple(float(each == name) for each in FEATURES), (0.0,) * len(FEATURES))


def without(kinds: set[str]) -> Callable[[Sequence[Labelled]], RankingModel]:
    """Return what learns from all features but those of some kinds."""
    kept = np.array([KINDS[plain_name(name)] not in kinds for name in FEATURES], float)

    def learn(queries: Sequence[Labelled]) -> RankingModel:
        thinned = [replace(query, rows=query.rows * kept) if len(query.rows) else query for query in queries]
        model = learn_ranking(thinned)
        return RankingModel(tuple(w * k for w, k in zip(model.weights, kept.tolist(), strict=True)), model.means)

    return learn


def out_of_fold_chances(queries: Sequence[Labelled]) -> list[tuple[float, bool]]:
    """Return the chance and truth of the first article of every query, out of fold."""
    folds = deal([query.id for query in queries])
    chances = cross_validated_confidence(queries, cross_validated_rankings(queries, folds), folds)
    return [chances[query.id][0] for query in queries if query.kind != OFF_TOPIC.stem and query.id in chances]


def peers(home: Path) -> Iterator[tuple[str, Search]]:
    """Yield the programs that are compared with, each with the archive indexed in its own way."""
    with Searcher.open(home) as searcher, tempfile.TemporaryDirectory(prefix="kbfix-peers-") as folder:
        articles = list(searcher.articles.every_article())
        for peer in (_fts5, _tantivy, _bm25s, _whoosh):
            try:
                yield peer(articles, Path(folder) / peer.__name__)
            except ImportError as error:
                print(f"{peer.__name__.strip('_')} is left out: {error}", flush=True)


def _text(article: Article) -> str:
    return "\n".join(part.text for part in article.sections)


def _words(query: str) -> list[str]:
    """Return the words of a query, in small letters: AND, OR, NOT and IN are operators of the peers."""
    return "".join(c if c.isalnum() else " " for c in query.lower()).split()


def _fts5(articles: Sequence[Article], folder: Path) -> tuple[str, Search]:
    folder.mkdir()
    database = sqlite3.connect(folder / "fts.sqlite")
    database.execute("CREATE VIRTUAL TABLE kb USING fts5(id UNINDEXED, title, text, tokenize = 'porter')")
    database.executemany("INSERT INTO kb VALUES (?, ?, ?)", [(a.id, a.title, _text(a)) for a in articles])

    def search(query: str) -> list[str]:
        asked = " OR ".join(f'"{word}"' for word in dict.fromkeys(_words(query)))
        order = "SELECT id FROM kb WHERE kb MATCH ? ORDER BY bm25(kb, 0, 3, 1) LIMIT ?"
        return [found[0] for found in database.execute(order, (asked, LIMIT))] if asked else []

    return f"SQLite FTS5 {sqlite3.sqlite_version}, title 3", search


def _tantivy(articles: Sequence[Article], folder: Path) -> tuple[str, Search]:
    import tantivy

    folder.mkdir()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for field in ("title", "text"):
        builder.add_text_field(field, tokenizer_name="en_stem")
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer()
    for article in articles:
        writer.add_document(tantivy.Document(id=article.id, title=article.title, text=_text(article)))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(query: str) -> list[str]:
        asked = index.parse_query(" ".join(_words(query)), ["title", "text"], field_boosts={"title": 3.0})
        return [searcher.doc(address)["id"][0] for _, address in searcher.search(asked, LIMIT).hits]

    return f"tantivy {importlib.metadata.version('tantivy')}, title 3", search


def _bm25s(articles: Sequence[Article], folder: Path) -> tuple[str, Search]:  # noqa: ARG001  (it stays in memory)
    import bm25s

    index = bm25s.BM25()
    index.index([terms(f"{a.title}\n{a.title}\n{a.title}\n{_text(a)}") for a in articles], show_progress=False)
    ids = [article.id for article in articles]

    def search(query: str) -> list[str]:
        found, _ = index.retrieve([terms(query)], k=LIMIT, show_progress=False)
        return [ids[number] for number in found[0]]

    return f"bm25s {bm25s.__version__}, title 3, our terms", search


def _whoosh(articles: Sequence[Article], folder: Path) -> tuple[str, Search]:
    from whoosh import __version__, fields, index, qparser
    from whoosh.analysis import StemmingAnalyzer

    folder.mkdir()
    schema = fields.Schema(
        id=fields.ID(stored=True), title=fields.TEXT(StemmingAnalyzer()), text=fields.TEXT(StemmingAnalyzer())
    )
    made = index.create_in(str(folder), schema)
    writer = made.writer(limitmb=512)
    for article in articles:
        writer.add_document(id=article.id, title=article.title, text=_text(article))
    writer.commit()
    searcher = made.searcher()
    parser = qparser.MultifieldParser(["title", "text"], schema, {"title": 3.0}, group=qparser.OrGroup)

    def search(query: str) -> list[str]:
        return [hit["id"] for hit in searcher.search(parser.parse(" ".join(_words(query))), limit=LIMIT)]

    return f"Whoosh {'.'.join(map(str, __version__))}, title 3", search


if __name__ == "__main__":
    main()
