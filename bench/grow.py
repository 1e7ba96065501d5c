"""Make an archive as large as wanted of the parts of a real one: `python -m bench.grow ARCHIVE FOLDER NUMBER ...`.

Writes FOLDER/kb-NUMBER.tar for each number, text articles that `kbfix import` reads. First come the real articles, then
recombined ones: title, header and footer of one, each section of another of the same product that has it, under a new
id (Q1000001 and up). The same archive and seed give the same bytes, and a smaller archive is the beginning of a larger.
"""

import argparse
import io
import random
import re
import tarfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from indexer.containers import read_file
from indexer.forms.kb_text import KbText, cut
from kb.models import RawFile

SEED = 1
FIRST_NUMBER = 1_000_001
"""Above all numbers of the real ones."""
_HEADING = re.compile(r"^(\S[^\n]*)\n={3,}[ \t]*\n", re.MULTILINE)
_NUMBER = re.compile(r"^(DOCUMENT[ \t]*:)[ \t]*Q?\d+", re.MULTILINE)
_PRODUCT = re.compile(r"^PRODUCT[ \t]*:(.*)$", re.MULTILINE)
_BEFORE_HEADINGS = "before the first heading"
_WHOLE_BODY = "no heading"


@dataclass(frozen=True, slots=True)
class Parts:
    """A real article, cut: what stands before its body, its sections by heading, what stands behind."""

    product: str
    start: str
    sections: tuple[tuple[str, str], ...]
    end: str


class Stock:
    """All parts of the real articles, and where to find a section of a product."""

    def __init__(self, articles: Iterable[Parts]) -> None:
        self.articles: list[Parts] = []
        self._sections: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for parts in articles:
            self.articles.append(parts)
            for heading, text in parts.sections:
                self._sections[parts.product, heading].append(text)

    def recombined(self, number: int, chance: random.Random) -> str:
        """Return a new article of this number; there is always a section to take, if only its own."""
        parts = chance.choice(self.articles)
        start = _NUMBER.sub(rf"\g<1>Q{number}", parts.start, count=1)
        bodies = (chance.choice(self._sections[parts.product, heading]) for heading, _ in parts.sections)
        return "".join((start, *bodies, parts.end))


def cut_up(raw: RawFile) -> Parts | None:
    """Cut an article of the text form into parts that are the whole of it in order; None for any other file.

    Its bytes become letters one by one, so that they can become the same bytes again.
    """
    if not KbText().recognises(raw):
        return None
    text = raw.data.decode("latin-1").replace("\r\n", "\n")
    layout = cut(text.split("\n"))
    start = _joined((*layout.header, *layout.preamble, *layout.lead, *layout.applies_to))
    product = _PRODUCT.search(start)
    if not _NUMBER.search(start) or not layout.body:
        return None
    end = "\n".join((*layout.query_words, *layout.footer, *layout.disclaimer))
    return Parts(product[1].strip() if product else "", start, tuple(_sections(_joined(layout.body))), end)


def _joined(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _sections(body: str) -> Iterator[tuple[str, str]]:
    """Yield heading and text of each section, the heading being part of the text. In small letters no heading is."""
    starts = [(m[1].strip(), m.start()) for m in _HEADING.finditer(body)]
    first = starts[0][1] if starts else len(body)
    if first:
        yield _BEFORE_HEADINGS if starts else _WHOLE_BODY, body[:first]
    ends = [*(at for _, at in starts[1:]), len(body)]
    for (heading, at), end in zip(starts, ends, strict=False):
        yield heading, body[at:end]


def grown(archive: Path, seed: int = SEED) -> Iterator[tuple[str, bytes]]:
    """Yield names and bytes of articles without end: all real ones of `archive`, then recombined ones.

    ValueError where the archive has no article of the text form.
    """
    cut_articles: list[Parts] = []
    for raw in read_file(archive):
        if isinstance(raw, RawFile):
            parts = cut_up(raw)
            if parts:
                cut_articles.append(parts)
            yield raw.path.rpartition("!")[2], raw.data
    if not cut_articles:
        raise ValueError(f"{archive} has no article of the text form to take parts of")
    stock = Stock(cut_articles)
    chance = random.Random(seed)
    number = FIRST_NUMBER
    while True:
        yield f"txt/{number // 1000}/Q{number}.TXT", stock.recombined(number, chance).encode("latin-1")
        number += 1


def write_tars(articles: Iterator[tuple[str, bytes]], folder: Path, numbers: Sequence[int]) -> list[Path]:
    """Write a tar for each number of articles, the smaller ones being the beginnings of the largest."""
    paths = [folder / f"kb-{number}.tar" for number in numbers]
    tars = [tarfile.open(path, "w") for path in paths]  # noqa: SIM115  (closed below, together)
    for written, (name, data) in enumerate(islice(articles, max(numbers))):
        member = tarfile.TarInfo(name)
        member.size = len(data)
        for tar, number in zip(tars, numbers, strict=True):
            if written < number:
                tar.addfile(member, io.BytesIO(data))
    for tar in tars:
        tar.close()
    return paths


def main() -> None:
    """Write the archives that the command line asks for."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("archive", type=Path)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("numbers", type=int, nargs="+", metavar="NUMBER")
    arguments.add_argument("--seed", type=int, default=SEED)
    options = arguments.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for path in write_tars(grown(options.archive, options.seed), options.folder, options.numbers):
        print(f"{path}: {path.stat().st_size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
