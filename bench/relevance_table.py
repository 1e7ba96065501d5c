"""Compare kbfix with its parts and its peers on the labelled queries: `make relevance-table HOME_DIR=...`.

One run, one archive, the same queries: what is installed beside it and asked as its own documentation says (tantivy,
SQLite FTS5, Whoosh, bm25s), the engine's candidates, each kind of evidence alone, all of them, and all without one.
What is learned is learned out of fold (bench/train_ranking.py). Prints a table in markdown, with 95 % intervals of a
bootstrap over the queries for S@1 of the written ones; writes docs/reliability.svg: how often chances of so much were
right.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.contenders import contender
from bench.contenders.base import Document, Material, write_documents
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

PLOT = Path(__file__).parent.parent / "docs/reliability.svg"
GROUPS = {"written": ("written", "written-2", "written-3"), "real": ("real",), "errors": ("errors",)}
LIMIT = 200
PEERS = ("fts5", "tantivy", "bm25s", "whoosh")
"""Those that are libraries of this Python."""
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
    with tempfile.TemporaryDirectory(prefix="kbfix-peers-") as made:
        material = Material(home, home, Path(made) / "texts.jsonl")
        with Searcher.open(home) as searcher:
            write_documents(map(_document, searcher.articles.every_article()), material.texts)
        for peer in map(contender, PEERS):
            try:
                name = f"{peer.title} {peer.version()}, title 3"
            except ImportError as error:
                print(f"{peer.title} is left out: {error}; to have it: {peer.install}", flush=True)
                continue
            folder = Path(made) / peer.name
            folder.mkdir()
            peer.index(material.documents(), folder)
            search = peer.open(folder)
            yield name, lambda query, search=search: search(query, LIMIT)


def _document(article: Article) -> Document:
    return Document(article.id, article.title, "\n".join(part.text for part in article.sections))


if __name__ == "__main__":
    main()
