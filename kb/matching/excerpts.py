"""Choose the part of an article that shows best why it matches."""

from collections.abc import Collection, Mapping
from typing import Final

from kb.models import Article
from kb.text.terms import words

LENGTH: Final = 240
"""Characters of a snippet; three lines at a terminal."""
_SEARCHED: Final = 2500
"""Characters of an article's text in which the place for a snippet is looked for."""


def snippet(article: Article, weights: Mapping[str, float], length: int = LENGTH) -> str:
    """Return at most `length` characters of the article's text in which most query weight stands, on one line.

    Symptoms go before other text; whole words only, with an ellipsis where text was cut.
    """
    text = " ".join((article.symptoms or article.summary or "\n".join(s.text for s in article.sections)).split())
    if len(text) <= length:
        return text
    found = [
        (w.start, w.end, max((weights.get(t, 0.0) for t in w.terms), default=0.0)) for w in words(text[:_SEARCHED])
    ]
    best = (-1.0, 0)
    window = 0.0
    last = 0
    for first, (start, _, weight) in enumerate(found):
        while last < len(found) and found[last][1] <= start + length:
            window += found[last][2]
            last += 1
        # At equal weight the earlier window wins: symptoms begin with what is seen.
        if window > best[0] + 1e-9:
            best = (window, start)
        if first < last:
            window -= weight
    start = _sentence_start(text, best[1])
    end = text.rfind(" ", start, start + length) if len(text) - start > length else len(text)
    end = end if end > start else start + length
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")


def _sentence_start(text: str, position: int) -> int:
    """Move back to the start of the sentence, when that is near enough to keep what was chosen in sight."""
    near = max(text.rfind(mark, 0, position) for mark in (". ", ": ", "? ", "! "))
    return near + 2 if near >= 0 and position - near < LENGTH // 3 else position if position > LENGTH // 3 else 0


def matched_words(query: str, found: Collection[str]) -> tuple[str, ...]:
    """Return the words of `query`, as written, of which a term is in `found`."""
    matched: dict[str, str] = {}
    for word in words(query):
        written = query[word.start : word.end]
        if not set(word.terms).isdisjoint(found):
            matched.setdefault(written.lower(), written)
    return tuple(matched.values())
