"""Learn the vectors of terms (kb/matching/model/): `make train-vectors HOME_DIR=...`.

Reads the articles of a home and DATA/vectors/: a sentence model's vectors of whole articles (`minilm-docs.npy`, rows
of length 1 in the order of `ids.txt`). No labelled query takes part.

1. A text is a bag: log(1 + n) * idf ** 0.5 for a term that stands n times (weighed by part) in it, at length 1.
2. Ridge regression, by conjugate gradients, of the articles' centred sentence vectors, cut to 128 numbers by PCA, on
   the bags of title and description.
3. Contrastive refinement (Adam; softmax over the batch, both ways): a title is to find its article without the title,
   a random part of a description its article without the description. Batches are made of clusters of articles
   (k-means of the sentence vectors), so that what an article is told from is near to it.
4. One byte a number, with one scale a term.

Needs numpy and scipy, about 2 GB and some minutes. The result is the same on every run of one machine.
"""

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kb.matching.term_vectors import (
    PROVENANCE_FILE,
    SHARES,
    TERMS_FILE,
    VECTORS_FILE,
    WEIGHTS_FILE,
    article_parts,
)
from kb.store.articles import Articles
from kb.store.home import open_home
from kb.text.fields import FIELD_WEIGHTS, AnalysedArticle, analyse
from kb.text.terms import ANALYSIS_VERSION

import numpy as np  # isort: skip  (kb.matching.term_vectors sets its threads first)
import scipy.sparse as sparse  # isort: skip

SEED = 20020218
NUMBERS = 128
RIDGE = 0.5
RIDGE_STEPS = 25
LEAST_ARTICLES = 2
IDF_POWER = 0.5
EPOCHS = 8
BATCH = 2048
RATE = 0.004
TEMPERATURE = 0.05
CLUSTERS = 100
CHUNK = 256
FIX_SHARE = 0.5
FIX_TERMS = 120
KEPT_OF_DESCRIPTION = (0.2, 0.7)
KEPT_OF_ARTICLE = (0.6, 1.0)


def main() -> None:
    """Read, fit, refine, write."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("home", type=Path)
    arguments.add_argument("data", type=Path, help="the folder with vectors/")
    arguments.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "kb/matching/model")
    options = arguments.parse_args()
    teacher_file = options.data / "vectors/minilm-docs.npy"
    ids = (options.data / "vectors/ids.txt").read_text("utf-8").split()
    with Articles(open_home(options.home)) as articles:
        names, frequencies, counts = count(dict.fromkeys(ids), (analyse(each) for each in articles.every_article()))
    weights = (np.log(1 + (len(ids) - frequencies + 0.5) / (frequencies + 0.5)) ** IDF_POWER).astype(np.float32)
    print(f"{len(ids)} articles, {len(names)} terms", flush=True)
    table = learn(np.load(teacher_file).astype(np.float32), counts, weights)
    scales = (np.abs(table).max(1) / 127 + 1e-12).astype(np.float32)
    write(
        options.out, names, np.rint(table / scales[:, None]).astype(np.int8), np.stack([scales, weights]),
        {"articles": len(ids), "terms": len(names), "analysis": ANALYSIS_VERSION, "seed": SEED,
         "teacher": hashlib.sha256(teacher_file.read_bytes()).hexdigest()},
    )  # fmt: skip


def count(
    rows: Mapping[str, None], articles: Iterable[AnalysedArticle]
) -> tuple[list[str], Any, dict[str, "sparse.csr_matrix"]]:
    """Return the terms of `LEAST_ARTICLES` or more, their frequencies, and a matrix of counts for each part."""
    place = {article_id: row for row, article_id in enumerate(rows)}
    numbers: dict[str, int] = {}
    cells: dict[str, tuple[list[int], list[int], list[int]]] = {}
    for article in articles:
        if article.id not in place:
            continue
        fix = article.fields[list(FIELD_WEIGHTS).index("resolution")][:FIX_TERMS]
        for name, terms in (*article_parts(article).items(), ("fix", fix)):
            row, column, number = cells.setdefault(name, ([], [], []))
            for term, times in Counter(terms).items():
                row.append(place[article.id])
                column.append(numbers.setdefault(term, len(numbers)))
                number.append(times)
    shape = (len(place), len(numbers))
    counts = {
        name: sparse.csr_matrix((np.array(number, np.float32), (row, column)), shape=shape)
        for name, (row, column, number) in cells.items()
    }
    frequencies = np.bincount(sum(counts.values()).tocsr().indices, minlength=shape[1])  # type: ignore[union-attr]
    # An article's number is its name, and says nothing.
    own = {article_id.lower() for article_id in place} | {article_id.lower().lstrip("q") for article_id in place}
    is_kept = [term not in own and "\n" not in term for term in numbers]
    kept = np.flatnonzero((frequencies >= LEAST_ARTICLES) & np.array(is_kept))
    # In alphabetical order, so that the numbers of terms do not depend on the order of articles.
    kept = np.array(sorted(kept, key=list(numbers).__getitem__))
    names = list(numbers)
    return [names[i] for i in kept], frequencies[kept], {name: m[:, kept].tocsr() for name, m in counts.items()}


def learn(teacher: Any, counts: Mapping[str, "sparse.csr_matrix"], weights: Any) -> Any:
    """Return a vector for each term."""
    rng = np.random.default_rng(SEED)
    centred = teacher - teacher.mean(0)
    axes = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :NUMBERS]
    target = (centred @ axes).astype(np.float32)
    title, description = bag(counts, weights, {"title": 1}), bag(counts, weights, {"description": 1})
    table = ridge(bag(counts, weights, {"title": 1, "description": 1}), target)
    table /= np.sqrt((table * table).sum(1).mean())
    shares = {**SHARES, "fix": FIX_SHARE}
    untitled = bag(counts, weights, {name: share for name, share in shares.items() if name != "title"})
    undescribed = bag(counts, weights, {name: share for name, share in shares.items() if name != "description"})
    clusters = kmeans(unit(target)[0], rng)
    return refine(table, (title, description, untitled, undescribed), clusters, rng)


def bag(counts: Mapping[str, "sparse.csr_matrix"], weights: Any, shares: Mapping[str, float]) -> "sparse.csr_matrix":
    """Return rows log(1 + weighted count) * weight, at length 1."""
    found = sum(share * counts[name] for name, share in shares.items()).tocsr()  # type: ignore[union-attr]
    found.sort_indices()
    found.data = np.log1p(found.data) * weights[found.indices]
    length = np.sqrt(np.asarray(found.multiply(found).sum(1)).ravel())
    return (sparse.diags((1 / np.maximum(length, 1e-9)).astype(np.float32)) @ found).astype(np.float32).tocsr()


def ridge(x: "sparse.csr_matrix", y: Any) -> Any:
    """Solve (X'X + RIDGE) W = X'Y by conjugate gradients with Jacobi's preconditioner, all columns at once."""
    transposed = x.T.tocsr()
    diagonal = (np.asarray(x.multiply(x).sum(0)).ravel() + RIDGE)[:, None].astype(np.float32)
    found = np.zeros((x.shape[1], y.shape[1]), np.float32)
    rest = transposed @ y
    z = rest / diagonal
    direction, size = z.copy(), (rest * z).sum(0)
    for _ in range(RIDGE_STEPS):
        image = transposed @ (x @ direction) + RIDGE * direction
        step = size / np.maximum((direction * image).sum(0), 1e-20)
        found += step * direction
        rest -= step * image
        z = rest / diagonal
        before, size = size, (rest * z).sum(0)
        direction = z + size / np.maximum(before, 1e-20) * direction
    return found


def unit(rows: Any) -> tuple[Any, Any]:
    """Return the rows at length 1, and their lengths."""
    length = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return (rows / length).astype(np.float32), length.astype(np.float32)


def kmeans(rows: Any, rng: Any, rounds: int = 8) -> Any:
    """Return the number of the cluster of each row (of length 1), by cosine."""
    centres = rows[rng.choice(len(rows), CLUSTERS, replace=False)]
    nearest = np.zeros(len(rows), np.int64)
    for _ in range(rounds):
        nearest = np.concatenate([(rows[i : i + 8192] @ centres.T).argmax(1) for i in range(0, len(rows), 8192)])
        centres = np.zeros_like(centres)
        np.add.at(centres, nearest, rows)
        centres = unit(centres)[0]
    return nearest


def thin(rows: "sparse.csr_matrix", rng: Any, kept: tuple[float, float]) -> "sparse.csr_matrix":
    """Keep a random share, drawn for each row between the two given, of the terms of each row."""
    rows = rows.copy()
    share = np.repeat(rng.uniform(*kept, rows.shape[0]), np.diff(rows.indptr))
    rows.data = rows.data * (rng.random(rows.nnz) < share).astype(np.float32)
    return rows


def refine(table: Any, bags: tuple["sparse.csr_matrix", ...], clusters: Any, rng: Any) -> Any:
    """Move the vectors by Adam on the symmetric in-batch softmax of both kinds of pairs."""
    title, description, untitled, undescribed = bags
    first, second = np.zeros_like(table), np.zeros_like(table)
    size = title.shape[0]
    total, step = EPOCHS * (size // BATCH), 0
    for epoch in range(EPOCHS):
        key = rng.permutation(size)
        near = key[np.argsort(clusters[key], kind="stable")]
        chunks = [near[start : start + CHUNK] for start in range(0, size, CHUNK)]
        rng.shuffle(chunks)
        order, loss = np.concatenate(chunks), 0.0
        for start in range(0, size - BATCH + 1, BATCH):
            a, b = order[start : start + BATCH : 2], order[start + 1 : start + BATCH : 2]
            asked = sparse.vstack([title[a], thin(description[b], rng, KEPT_OF_DESCRIPTION)]).tocsr()
            meant = thin(sparse.vstack([untitled[a], undescribed[b]]).tocsr(), rng, KEPT_OF_ARTICLE)
            (q, q_length), (d, d_length) = unit(asked @ table), unit(meant @ table)
            e = np.exp((q @ d.T - 1) / TEMPERATURE)
            by_row, by_column = e / e.sum(1, keepdims=True), e / e.sum(0)
            loss -= float(np.log(np.diag(by_row) + 1e-9).mean())
            g = (by_row + by_column - 2 * np.eye(BATCH, dtype=np.float32)) / (2 * BATCH * TEMPERATURE)
            gq, gd = g @ d, g.T @ q
            gq = (gq - q * (gq * q).sum(1, keepdims=True)) / q_length
            gd = (gd - d * (gd * d).sum(1, keepdims=True)) / d_length
            gradient = asked.T @ gq + meant.T @ gd
            step += 1
            first += 0.1 * (gradient - first)
            second += 0.01 * (gradient * gradient - second)
            rate = RATE * (1 - step / (total + 1)) / (1 - 0.9**step)
            table -= rate * first / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
        print(f"epoch {epoch + 1} of {EPOCHS}: loss {loss / (size // BATCH):.3f}", flush=True)
    return table


def write(folder: Path, names: list[str], table: Any, weights: Any, provenance: Mapping[str, object]) -> None:
    """Write the files of the model; their hash is its version.

    The most frequent terms, which weigh least, have the first rows: codes in the forward index are rows, and sequences
    with many small ones compress better, by a twentieth.
    """
    folder.mkdir(parents=True, exist_ok=True)
    order = sorted(range(len(names)), key=lambda row: (weights[1, row], names[row]))
    np.save(folder / VECTORS_FILE, table[order])
    np.save(folder / WEIGHTS_FILE, weights[:, order].astype(np.float32))
    (folder / TERMS_FILE).write_text("\n".join(names[row] for row in order), "utf-8", newline="")
    digest = hashlib.sha256()
    for name in (TERMS_FILE, VECTORS_FILE, WEIGHTS_FILE):
        digest.update((folder / name).read_bytes())
    data = {"version": digest.hexdigest()[:16], "made_by": "bench/train_vectors.py", "provenance": provenance}
    (folder / PROVENANCE_FILE).write_text(json.dumps(data, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
