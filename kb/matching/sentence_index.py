"""The sentence vectors of articles: made apart from the import, a part at a time, so that it can be interrupted.

A folder holds `model.json`, which model they are of, and parts `000001.npy`, ..., each a numpy array of records: `id`,
`text` (a digest of the text that the vector was made of), `generation` (of the store, when that text was read) and
`vector`, one byte a number. A part is never changed once it has its name; of two records of one article, that of the
later part counts.
"""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb.errors import HomeError, IndexUnavailable
from kb.matching.sentence_model import SentenceModel
from kb.matching.term_vectors import Floats, packed, similarity
from kb.matching.vector_index import VectorIndex, nearest_rows, rows_of, write_array
from kb.models import Article

SENTENCES_FORMAT: Final = 1
_ABOUT: Final = "model.json"
_TAG: Final = re.compile(r"^[A-Z][A-Z0-9/.-]{1,12}: ")
"""Of a product or a kind of article, as Microsoft put them before titles: `XADM: `, `OFF97: `, `PRB: `."""
_LONGEST: Final = 700
"""Characters of the symptoms; they fill what a model takes of a text."""


@dataclass(frozen=True, slots=True)
class ModelOfVectors:
    """Which model vectors are of: its `fingerprint`, and where it was (`folder` is None for the packaged one)."""

    name: str
    folder: Path | None
    fingerprint: str
    size: int


@dataclass(frozen=True, slots=True)
class Known:
    """What is on file of an article: the digest of its text, the generation it was read at, and where its vector is."""

    text: bytes
    generation: int
    row: int


def sentence_text(article: Article) -> str:
    """Return what an article's vector is made of: its title without the product's tag, and how it begins."""
    told = article.symptoms or article.summary or next((part.text for part in article.sections if part.text), "")
    return f"{_TAG.sub('', article.title)}. {told[:_LONGEST]}"


def digest(text: str) -> bytes:
    """Return what stands for a text: 16 letters."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest().encode()


class SentenceIndex:
    """The sentence vectors in one folder, for reading. Several threads may share one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with _translated(folder):
            about = json.loads((folder / _ABOUT).read_text("utf-8"))
            self.model = ModelOfVectors(
                str(about["name"]),
                Path(about["folder"]) if about["folder"] else None,
                str(about["fingerprint"]),
                int(about["size"]),
            )
            parts = [np.load(path, mmap_mode="r").view(np.ndarray) for path in _parts(folder)]
            if any(part.dtype["vector"].shape != (self.model.size,) for part in parts):
                raise ValueError(f"not all vectors are of {self.model.size} numbers")
            self._read(parts)

    def _read(self, parts: Sequence[NDArray[np.void]]) -> None:
        if not parts:
            self._ids, self._texts = np.empty(0, "S1"), np.empty(0, "S16")
            self._generations, self._vectors = np.empty(0, np.int64), np.empty((0, self.model.size), np.int8)
        else:
            self._ids, self._texts, self._generations = (
                np.concatenate([part[name] for part in parts]) for name in ("id", "text", "generation")
            )
            # One part stays on the disk, to be looked at through the map; several are not for long.
            self._vectors = parts[0]["vector"] if len(parts) == 1 else np.concatenate([p["vector"] for p in parts])
        # Of an article's records, the last counts; what is written in one part is sorted already.
        last = np.ones(len(self._ids), bool)
        order = np.argsort(self._ids, kind="stable")
        last[order[:-1]] = self._ids[order[:-1]] != self._ids[order[1:]]
        kept = order[last[order]]
        if len(kept) < len(order) or (np.diff(order) < 0).any():
            self._ids, self._texts = self._ids[kept], self._texts[kept]
            self._generations, self._vectors = self._generations[kept], self._vectors[kept]
        self._usable = np.ones(len(self._ids), bool)

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def usable(self) -> int:
        """Return the number of articles whose vector may be used."""
        return int(self._usable.sum())

    @property
    def oldest(self) -> int:
        """Return the generation of the store since which every text here was read."""
        return int(self._generations.min(initial=np.iinfo(np.int64).max))

    def known(self) -> dict[str, Known]:
        """Return what is on file, by article."""
        return {
            article_id.decode(): Known(text, generation, row)
            for row, (article_id, text, generation) in enumerate(
                zip(self._ids.tolist(), self._texts.tolist(), self._generations.tolist(), strict=True)
            )
        }

    def use_only(self, present: VectorIndex, changed: Collection[tuple[str, int]]) -> None:
        """Pass over articles that are not `present`, and those `changed` (id, generation) after their text was read."""
        self._usable = ~present.missing_from(self._ids)
        if changed and len(self._ids):
            rows, is_here = rows_of(self._ids, [article_id for article_id, _ in changed])
            later = np.array([generation for _, generation in changed]) > self._generations[rows]
            self._usable[rows[is_here & later]] = False

    def nearest(self, text: Floats, limit: int, least: float = -1.0) -> list[str]:
        """Return the ids of the `limit` articles nearest to a text, the nearest first, with a cosine of `least`."""
        return [self._ids[row].decode() for row in nearest_rows(self._vectors, text, limit, least, self._usable)]

    def similarities(self, ids: Sequence[str], text: Floats) -> Floats:
        """Return the cosine of each article with a text; nan for one that has no vector."""
        found = np.full(len(ids), np.nan, np.float32)
        if not len(self._ids) or not ids:
            return found
        rows, is_here = rows_of(self._ids, ids)
        is_here &= self._usable[rows]
        found[is_here] = similarity(self._vectors[rows[is_here]], text)
        return found

    def close(self) -> None:
        """Let go of the files."""
        self._read(())

    def merge_into(self, folder: Path, keep: Callable[[str], bool], generation: int) -> bool:
        """Write the vectors of those articles that are to `keep` to another folder, in one part.

        Their texts are said to be read at `generation`. Tell whether there was anything to do.
        """
        known = {article_id: each for article_id, each in self.known().items() if keep(article_id)}
        if len(known) == len(self) and len(_parts(self._folder)) <= 1 and (self.oldest == generation or not known):
            return False
        with _written(folder):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / _ABOUT).write_bytes((self._folder / _ABOUT).read_bytes())
        if known:
            ids = sorted(known, key=str.encode)
            SentenceWriter(folder).write(self.records([known[each] for each in ids], ids, generation))
        return True

    def records(self, known: Sequence[Known], ids: Sequence[str], generation: int) -> NDArray[np.void]:
        """Return records of articles that are on file, their texts found to be the same at `generation`."""
        rows = [each.row for each in known]
        return _records(ids, [each.text for each in known], generation, self._vectors[rows], self.model.size)


class SentenceWriter:
    """Adds parts to a folder, and merges them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def begin(cls, folder: Path, model: SentenceModel) -> "SentenceWriter":
        """Make a folder for vectors of `model`, with none in it."""
        about = {
            "name": model.name,
            "folder": str(model.folder) if model.folder else None,
            "fingerprint": model.fingerprint,
            "size": model.size,
        }
        with _written(folder):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / _ABOUT).write_text(json.dumps(about, indent=1), "utf-8")
        return cls(folder)

    def add(self, ids: Sequence[str], texts: Sequence[str], generation: int, vectors: Floats) -> None:
        """Add a part: vectors of articles whose texts were read when the store was of `generation`."""
        self.write(_records(ids, [digest(text) for text in texts], generation, packed(vectors), vectors.shape[1]))

    def write(self, records: NDArray[np.void]) -> None:
        """Write records as a part, whole or not at all."""
        number = 1 + max((int(path.stem) for path in _parts(self._folder)), default=0)
        path = self._folder / f"{number:06}.npy"
        aside = path.with_suffix(".new")
        with _written(self._folder):
            write_array(aside, records)
            aside.replace(path)


def _records(
    ids: Sequence[str], texts: Sequence[bytes], generation: int, vectors: NDArray[np.int8], size: int
) -> NDArray[np.void]:
    names = [each.encode() for each in ids]
    longest = max((len(name) for name in names), default=1)
    found = np.zeros(
        len(names), [("id", f"S{longest}"), ("text", "S16"), ("generation", "<i8"), ("vector", "i1", (size,))]
    )
    found["id"], found["text"], found["generation"], found["vector"] = names, texts, generation, vectors
    return found


def _parts(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.npy") if path.stem.isdecimal())


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, EOFError, KeyError, TypeError) as error:
        raise IndexUnavailable(
            f"the sentence vectors in {folder} cannot be used: {' '.join(str(error).split())}",
            next_step=f"remove {folder.parent}, then run: kbfix embed",
        ) from error


@contextmanager
def _written(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise HomeError(
            f"the sentence vectors in {folder} cannot be written: {error}",
            next_step="see to the space and permissions of the folder, then run: kbfix embed",
        ) from error
