"""Learn how candidates are ranked, and how sure the first is: `make train HOME_DIR=...`.

Reads labelled queries (DATA/queries/dev-*.jsonl) and a home with the archive that they are about, and writes
kb/matching/model/ranking.json and confidence.json, each with its provenance; with --semantic, from a home that has
sentence vectors, ranking-semantic.json and confidence-semantic.json.

Ranking: the weights of the features for which the right articles' share of exp(score) among a query's candidates is
greatest (listwise softmax, L-BFGS, ridge). Confidence: a logistic regression on what the best candidate looks like;
so that it is true of small archives and of symptoms that no article has, each query is also told with most candidates
left out by chance, and half the time with the right ones too.
It also learns from the archive's own symptoms, looked for in an archive without symptoms (a minute to make).
All figures are out of fold: the queries are dealt into 5 folds, and those of each are ranked, and their confidence is
told, by models that saw none of them. The models written are learned from all.

Needs scipy.
"""

import argparse
import contextlib
import json
import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.withheld import derive_without_symptoms, draw_symptoms
from kb.engines.registry import engine as load_engine
from kb.errors import BadInput
from kb.matching import MODEL, confidence, features
from kb.matching.ranking import Ranked, RankingModel
from kb.models import Filters
from kb.search import Searcher
from kb.store.home import open_home

import numpy as np  # isort: skip  (kb sets its threads first)
from scipy.optimize import minimize  # isort: skip

SETS = ("written", "written-2", "written-3", "real", "errors", "noanswer")
OFF_TOPIC = Path(__file__).parent / "off_topic.txt"
"""Queries of other worlds, which no knowledge base of software answers; the confidence learns from them."""
WITHHELD = 1000
"""Articles whose symptoms are withheld, to learn from in an archive without symptoms."""
WITHHELD_WORDS = (40, 12)
WITHHELD_COUNT = 0.1
"""What one of these counts beside a labelled query."""
FOLDS = 5
SEED = 1
RIDGE = 2.0
CONFIDENCE_RIDGE = 1.0
THINNED = (0.5, 0.1, 0.02)
"""Shares of the candidates that stay, as in archives of that size."""
LEAST = (0.5, 0.55, 0.6, 0.63, 0.65)
THINNED_COUNT = 0.3
"""What a query of a thinned archive counts beside one of the whole."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A query with its candidates in any order, their features, kinds and which of them are right."""

    id: str
    kind: str
    tier: str | None
    terms: int
    ranked: Sequence[Ranked]
    rows: Any
    right: Any
    kinds: dict[str, str]
    answers: int


def main() -> None:
    """Collect, cross-validate, print, learn from all, write."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("home", type=Path)
    arguments.add_argument("queries", type=Path, help="folder of dev-*.jsonl")
    arguments.add_argument("--engine", default="tantivy")
    arguments.add_argument("--semantic", action="store_true", help="learn what is used with sentence vectors")
    arguments.add_argument("--no-withheld", action="store_true", help="learn from labelled queries only")
    arguments.add_argument("--dry-run", action="store_true", help="print the figures, write nothing")
    options = arguments.parse_args()
    queries = collect(options.home, options.engine, options.queries, semantic=options.semantic)
    withheld = [] if options.no_withheld or options.semantic else collect_withheld(options.home, options.engine)
    folds = deal([query.id for query in queries]) | deal_by_article(withheld)
    rankings = cross_validated_rankings([*queries, *withheld], folds)
    figures = ranking_figures([*queries, *withheld], rankings)
    chances = cross_validated_confidence(queries, rankings, folds)
    sureness = confidence_figures(queries, chances)
    for name, each in {**figures, "confidence": sureness}.items():
        print(f"{name:<13}" + "  ".join(f"{measure} {value:.3f}" for measure, value in each.items()))
    if options.dry_run:
        return
    model = learn_ranking([*queries, *withheld])
    final = {query.id: reranked(query, model) for query in queries}
    provenance = {"made_by": "bench/train_ranking.py", "queries": [f"dev-{name}" for name in SETS], "seed": SEED}
    names = features.WITH_SENTENCE if options.semantic else features.FEATURES
    suffix = "-semantic" if options.semantic else ""
    write(
        f"ranking{suffix}.json",
        {
            "weights": dict(zip(names, (round(w, 5) for w in model.weights), strict=True)),
            "means": dict(zip(names, (round(m, 5) for m in model.means), strict=True)),
            **({"stand_in": [round(each, 5) for each in model.stand_in]} if options.semantic else {}),
            "provenance": {**provenance, "ridge": RIDGE, "out_of_fold": figures},
        },
    )
    sure = learn_confidence([each for query in queries if final[query.id] for each in points(query, final[query.id])])
    sure_names = confidence.WITH_SENTENCE if options.semantic else confidence.FEATURES
    write(
        f"confidence{suffix}.json",
        {
            "weights": dict(zip(sure_names, (round(w, 5) for w in sure.weights), strict=True)),
            "bias": round(sure.bias, 5),
            "provenance": {**provenance, "ridge": CONFIDENCE_RIDGE, "out_of_fold": sureness},
        },
    )


def collect(home: Path, engine: str, folder: Path, *, semantic: bool) -> list[Labelled]:
    """Bring the candidates of every query."""
    told: list[tuple[str, dict[str, Any]]] = [
        (name, json.loads(line))
        for name in SETS
        for line in (folder / f"dev-{name}.jsonl").read_text("utf-8").splitlines()
    ]
    told += [
        (OFF_TOPIC.stem, {"id": f"off-{number}", "query": line, "relevant": [], "tier": OFF_TOPIC.stem})
        for number, line in enumerate(OFF_TOPIC.read_text("utf-8").splitlines())
    ]
    with Searcher(open_home(home), engine, with_sentences=semantic) as searcher:
        if semantic and not searcher.has_sentences:
            raise SystemExit(f"{home} has no sentence vectors that can be used: {'; '.join(searcher.notices)}")
        return [labelled(searcher, name, query) for name, query in told]


def collect_withheld(home: Path, engine: str) -> list[Labelled]:
    """Bring the candidates for symptoms of the archive, in an archive without symptoms."""
    found = []
    with tempfile.TemporaryDirectory(prefix="kbfix-train-") as folder:
        trial = derive_without_symptoms(open_home(home), load_engine(engine), Path(folder), lambda _: None)
        with Searcher(trial, engine, with_sentences=False) as searcher:
            for words in WITHHELD_WORDS:
                for query in draw_symptoms(searcher.articles, WITHHELD, words, SEED):
                    record = {"id": f"{query.id}-{words}", "query": query.query, "relevant": sorted(query.relevant)}
                    with contextlib.suppress(BadInput):  # of words that say nothing
                        found.append(labelled(searcher, f"withheld-{words}", record))
    return found


def labelled(searcher: Searcher, name: str, query: Mapping[str, Any]) -> Labelled:
    """Bring the candidates of one query of a set."""
    understood = searcher.understand(query["query"])
    ranked = sorted(searcher.ranking(understood, Filters(), every=True), key=lambda each: each.id)
    right = {*query["relevant"], *(query.get("also") or [])}
    heads = searcher.articles.heads([each.id for each in ranked])
    return Labelled(
        query["id"], name, query.get("tier"), len(understood.weights), ranked,
        np.array([each.features for each in ranked]),
        np.array([each.id in right for each in ranked], bool),
        {article_id: head.kind for article_id, head in heads.items()}, len(right),
    )  # fmt: skip


def deal(ids: Sequence[str]) -> dict[str, int]:
    """Deal the queries into folds."""
    shuffled = sorted(ids)
    random.Random(SEED).shuffle(shuffled)
    return {query_id: place % FOLDS for place, query_id in enumerate(shuffled)}


def deal_by_article(withheld: Sequence[Labelled]) -> dict[str, int]:
    """Deal queries of withheld symptoms into folds, those of one article into the same."""
    articles = {query.id: query.id.rpartition("-")[0] for query in withheld}
    folds = deal(list(set(articles.values())))
    return {query_id: folds[article_id] for query_id, article_id in articles.items()}


def is_withheld(query: Labelled) -> bool:
    """Tell whether a query is of withheld symptoms."""
    return query.kind.startswith("withheld")


def learn_ranking(queries: Sequence[Labelled]) -> RankingModel:
    """Return the weights that give the right articles the greatest share."""
    told = [query for query in queries if query.right.any()]
    rows = np.concatenate([query.rows for query in told])
    means, scales = rows.mean(0), rows.std(0) + 1e-9
    standard, right = (rows - means) / scales, np.concatenate([query.right for query in told])
    counts = np.array([WITHHELD_COUNT if is_withheld(query) else 1.0 for query in told])
    lengths = np.array([len(query.rows) for query in told])
    starts = np.cumsum(lengths) - lengths

    def loss(weights: Any) -> tuple[float, Any]:
        scores = standard @ weights
        shares = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), lengths))
        shares /= np.repeat(np.add.reduceat(shares, starts), lengths)
        of_right = np.where(right, shares, 0)
        right_shares = np.add.reduceat(of_right, starts) + 1e-12
        change = np.repeat(counts, lengths) * (shares - of_right / np.repeat(right_shares, lengths))
        return (
            float(RIDGE * weights @ weights / 2 - counts @ np.log(right_shares)),
            RIDGE * weights + standard.T @ change,
        )

    found = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x / scales
    weights, learned_means = tuple(float(w) for w in found), tuple(float(m) for m in means)
    if len(weights) == len(features.FEATURES):
        return RankingModel(weights, learned_means)
    meaning, sentence = rows[:, features.FEATURES.index("meaning")], rows[:, -1]
    slope = float(np.cov(meaning, sentence)[0, 1] / meaning.var(ddof=1))
    return RankingModel(weights, learned_means, (float(sentence.mean() - slope * meaning.mean()), slope))


def reranked(query: Labelled, model: RankingModel) -> list[Ranked]:
    """Return the candidates of a query in the order of a model."""
    scores = model.scores(query.rows) if len(query.ranked) else []
    found = [Ranked(each.id, s, each.features, each.found) for each, s in zip(query.ranked, scores, strict=True)]
    return sorted(found, key=lambda each: (-each.score, each.id))


def cross_validated_rankings(
    queries: Sequence[Labelled],
    folds: Mapping[str, int],
    learn: Callable[[Sequence[Labelled]], RankingModel] = learn_ranking,
) -> dict[str, list[Ranked]]:
    """Return the candidates of each query in the order of a model that saw nothing of its fold."""
    found: dict[str, list[Ranked]] = {}
    for fold in range(FOLDS):
        model = learn([query for query in queries if folds[query.id] != fold])
        found.update({query.id: reranked(query, model) for query in queries if folds[query.id] == fold})
    return found


def right_ids(query: Labelled) -> set[str]:
    """Return the ids of the candidates that are right."""
    return {each.id for each, is_right in zip(query.ranked, query.right, strict=True) if is_right}


def ranking_figures(queries: Sequence[Labelled], rankings: dict[str, list[Ranked]]) -> dict[str, dict[str, float]]:
    """Return the share of queries with a right article among the first k, and MRR@10, by set."""
    places: dict[str, list[int]] = {}
    for query in queries:
        right = right_ids(query)
        ranks = [place for place, each in enumerate(rankings[query.id], start=1) if each.id in right]
        if query.answers:
            for name in (query.kind, *(["all written"] if query.kind.startswith("written") else [])):
                places.setdefault(name, []).append(min(ranks, default=0))
    return {
        name: {
            **{f"S@{k}": round(sum(0 < p <= k for p in found) / len(found), 4) for k in (1, 5, 10, 200)},
            "MRR@10": round(sum(1 / p for p in found if 0 < p <= 10) / len(found), 4),
        }
        for name, found in places.items()
    }


Point = tuple[tuple[float, ...], bool, float]


def points(query: Labelled, ranked: Sequence[Ranked]) -> list[Point]:
    """Return what the best candidate looks like, whether it is right, and what the point counts.

    First as it is, then of smaller archives: with some candidates only.
    """
    right = right_ids(query)
    chance = random.Random(f"{SEED} {query.id}")
    found = []
    for kept in (1.0, *THINNED):
        drops_right = kept < 1 and chance.random() < 0.5
        some = [
            each for each in ranked if kept == 1 or (not drops_right if each.id in right else chance.random() < kept)
        ]
        if some:
            row = confidence.features(some, 0, query.terms, query.kinds.get(some[0].id))
            is_whole = kept == 1 and query.kind != OFF_TOPIC.stem
            found.append((row, some[0].id in right, 1.0 if is_whole else THINNED_COUNT))
    return found


def learn_confidence(told: Sequence[Point]) -> confidence.ConfidenceModel:
    """Return the logistic regression, with ridge on the standardised features."""
    rows, right = np.array([row for row, _, _ in told]), np.array([is_right for _, is_right, _ in told], float)
    counts = np.array([count for _, _, count in told])
    means, scales = rows.mean(0), rows.std(0) + 1e-9
    standard = np.column_stack([(rows - means) / scales, np.ones(len(rows))])

    def loss(weights: Any) -> tuple[float, Any]:
        z = standard @ weights
        ridge = np.append(weights[:-1], 0.0) * CONFIDENCE_RIDGE
        total = float(np.sum(counts * (np.logaddexp(0, z) - right * z)) + ridge @ weights / 2)
        return total, standard.T @ (counts * (1 / (1 + np.exp(-z)) - right)) + ridge

    names = confidence.WITH_SENTENCE if rows.shape[1] > len(confidence.FEATURES) else confidence.FEATURES
    bounds = [
        (0 if name in confidence.SPEAKS_FOR else None, 0 if name in confidence.SPEAKS_AGAINST else None)
        for name in names
    ]
    found = minimize(loss, np.zeros(standard.shape[1]), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)]).x
    weights = found[:-1] / scales
    return confidence.ConfidenceModel(tuple(float(w) for w in weights), float(found[-1] - weights @ means))


def cross_validated_confidence(
    queries: Sequence[Labelled], rankings: dict[str, list[Ranked]], folds: dict[str, int]
) -> dict[str, list[tuple[float, bool]]]:
    """Return the out-of-fold chance of each query's best candidate, and whether it is right; then those thinned."""
    told = {query.id: points(query, rankings[query.id]) for query in queries if rankings[query.id]}
    found = {}
    for fold in range(FOLDS):
        model = learn_confidence([each for query_id, some in told.items() if folds[query_id] != fold for each in some])
        found.update(
            {
                query_id: [(confidence.chance(model, row), right) for row, right, _ in some]
                for query_id, some in told.items()
                if folds[query_id] == fold
            }
        )
    return found


def truth(points: Sequence[tuple[float, bool]]) -> dict[str, float]:
    """Return how well chances tell right from wrong, and how true they are."""
    yes, no = [c for c, right in points if right], [c for c, right in points if not right]
    error = 0.0
    for k in range(10):
        part = [(c, right) for c, right in points if k / 10 <= c < (k + 1) / 10 or (k == 9 and c == 1)]
        error += abs(sum(c for c, _ in part) - sum(right for _, right in part)) / len(points)
    return {
        "auroc": sum((a > b) + (a == b) / 2 for a in yes for b in no) / (len(yes) * len(no)),
        "brier": sum((c - right) ** 2 for c, right in points) / len(points),
        "calibration_error": error,
    }


def confidence_figures(queries: Sequence[Labelled], told: dict[str, list[tuple[float, bool]]]) -> dict[str, float]:
    """Return how true the chances are, and what would be answered from which chance on."""
    chances = {query_id: some[0] for query_id, some in told.items()}
    aside = {query.id for query in queries if query.kind == OFF_TOPIC.stem}
    found = truth([chance for query_id, chance in chances.items() if query_id not in aside])
    found |= {
        f"thinned_{name}": value for name, value in truth([p for some in told.values() for p in some[1:]]).items()
    }
    answerable = [query for query in queries if query.answers]
    empty = [query for query in queries if not query.answers and query.id not in aside]
    for least in LEAST:
        given = [query for query in answerable if chances.get(query.id, (0.0, False))[0] >= least]
        wrong = [query for query in empty if chances.get(query.id, (0.0, False))[0] >= least]
        found[f"answered_from_{least:.2f}"] = len(given) / len(answerable)
        found[f"right_from_{least:.2f}"] = sum(chances[query.id][1] for query in given) / max(1, len(given))
        found[f"false_from_{least:.2f}"] = len(wrong) / max(1, len(empty))
    for tier in ("far", OFF_TOPIC.stem):
        some = [chances[query.id][0] for query in queries if query.tier == tier and query.id in chances]
        found[f"surest_{tier}"] = max(some, default=0.0)
    return {name: round(float(value), 4) for name, value in found.items()}


def write(name: str, data: dict[str, object]) -> None:
    """Write a file of the model."""
    (MODEL / name).write_text(json.dumps(data, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
