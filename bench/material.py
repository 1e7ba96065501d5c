"""Make what all contenders are given of one archive: the files, the text, and queries of the archive's own."""

import io
import json
import random
import re
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bench.contenders.base import Document, Material, write_documents
from indexer.containers import read_file
from indexer.decode import DecodedText, decode
from indexer.parse import parse_file
from kb.models import RawFile
from kb.text.terms import terms

LENGTHS = (5, 12, 40)
"""Words of a query."""
WARM_UP = 30
SEED = 1
_TITLE = re.compile(r"^(?:TITLE +:|Title:|# ) *(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Prepared:
    """The material, how many articles and bytes of files it is, and the sets of queries by name."""

    material: Material
    articles: int
    raw_bytes: int
    queries: dict[str, list[str]]


def prepare(archive: Path, folder: Path, articles: int | None, queries: int, labelled: Path | None) -> Prepared:
    """Unpack the archive into `folder` and draw the queries.

    `articles` takes that many of it, evenly spread; `labelled` is the folder of dev-written*.jsonl, the set "written".
    """
    folder.mkdir(exist_ok=True)
    files, texts = folder / "files", folder / "texts.jsonl"
    raw_files = (item for item in read_file(archive) if isinstance(item, RawFile))
    if articles is not None:
        every = list(raw_files)
        raw_files = iter(every[:: max(len(every) // articles, 1)][:articles])
        archive = folder / "part.tar"
    paths: list[Path] = []
    size = write_documents(_unpacked(raw_files, files, archive if articles else None, paths), texts)
    raw_bytes = sum(path.stat().st_size for path in paths)
    sets = symptoms(paths, queries)
    if labelled is not None:
        lines = [
            line
            for path in sorted(labelled.glob("dev-written*.jsonl"))
            for line in path.read_text("utf-8").splitlines()
        ]
        sets |= {"written": [json.loads(line)["query"] for line in lines]} if lines else {}
    return Prepared(Material(archive, files, texts), size, raw_bytes, sets)


def symptoms(paths: Sequence[Path], number: int) -> dict[str, list[str]]:
    """Return the first words of the symptoms of articles drawn by chance: the same articles for every length.

    Only those with as many words as the longest query has. "warm-up" are queries of other articles, if there are any.
    ValueError where no article has so many.
    """
    drawn = list(paths)
    random.Random(SEED).shuffle(drawn)
    found: list[list[str]] = []
    for path in drawn:
        for article in parse_file(RawFile(str(path), path.read_bytes())).articles:
            words = (article.symptoms or "").split()
            if len(words) >= max(LENGTHS) and terms(" ".join(words[: min(LENGTHS)])):
                found.append(words)
        if len(found) >= number + WARM_UP:
            break
    if not found:
        raise ValueError(f"no article has symptoms of {max(LENGTHS)} words to ask for")
    asked, others = found[:number], found[number:] or found
    sets = {f"{length} words": [" ".join(words[:length]) for words in asked] for length in LENGTHS}
    mixed = [" ".join(words[: LENGTHS[place % len(LENGTHS)]]) for place, words in enumerate(others)]
    return {"warm-up": mixed, **sets}


def _unpacked(raw_files: Iterator[RawFile], files: Path, part: Path | None, paths: list[Path]) -> Iterator[Document]:
    """Write files as they pass, into a tar named `part` too if there is one; yield them as text."""
    written = tarfile.open(part, "w") if part else None  # noqa: SIM115  (closed below)
    for raw in raw_files:
        # Whatever a member is called, it stays in the folder.
        inside = [part for part in PurePosixPath(raw.path.rpartition("!")[2]).parts if part not in ("/", "..")]
        path = files.joinpath(*inside)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw.data)
        paths.append(path)
        if written:
            member = tarfile.TarInfo("/".join(inside))
            member.size = len(raw.data)
            written.addfile(member, io.BytesIO(raw.data))
        decoded = decode(raw.data)
        if isinstance(decoded, DecodedText):
            title = _TITLE.search(decoded.text)
            yield Document(path.stem, title[1] if title else "", decoded.text)
    if written:
        written.close()
