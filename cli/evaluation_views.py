"""An evaluation as lines for a terminal. Pure: nothing is printed here."""

from collections.abc import Iterator
from typing import Final

from cli.terminal import Line, styled
from kb.evaluation.evaluation import Comparison, Evaluation, Figures, Side
from kb.evaluation.measures import DEPTH, MEASURES
from kb.evaluation.outcomes import Outcome
from kb.text.printable import one_line

_LABEL: Final = 16
_COLUMN: Final = 11
_ID: Final = 14


def evaluation_lines(evaluation: Evaluation) -> Iterator[Line]:
    """Yield what was searched, the figures of all queries and of each group, and the comparison, if there is one."""
    yield styled(_headline(evaluation), "title")
    for count, words in _remarks(evaluation):
        if count:
            yield styled(f"{count:,} {words}", "doubt")
    yield Line()
    yield styled(f"{'':<{_LABEL}}{'queries':>7}" + "".join(f"{name:>{_COLUMN}}" for name in MEASURES), "heading")
    yield from _figure_lines("all", evaluation.side.total)
    for value, figures in evaluation.groups.items():
        yield from _figure_lines(value, figures)
    if evaluation.other and evaluation.comparison:
        yield Line()
        yield from _comparison_lines(evaluation.side, evaluation.other, evaluation.comparison)


def miss_lines(evaluation: Evaluation, width: int) -> Iterator[Line]:
    """Yield the queries whose first article is not right: id, rank of the right one, article that came first, words."""
    missed = [outcome for outcome in evaluation.outcomes if outcome.rank != 1]
    yield Line()
    if not missed:
        yield styled("Every query has a right article first.")
        return
    yield styled(f"{'query':<{_ID}}{'right at':>8}  {'first':<{_ID}}", "heading")
    for outcome in missed:
        yield styled(_miss(outcome)[:width])


def _headline(evaluation: Evaluation) -> str:
    side = evaluation.side
    if evaluation.words is None:
        return f"{_counted(side.total.queries)} searched with {side.engine}"
    return (
        f"The first {evaluation.words} words of the symptoms of {side.total.queries:,} articles, searched with "
        f"{side.engine}\nin the archive without symptoms (seed {evaluation.seed})"
    )


def _remarks(evaluation: Evaluation) -> Iterator[tuple[int, str]]:
    yield evaluation.left_out, "more without a right article, left out of the figures"
    yield sum(not each.searched for each in evaluation.outcomes), "with no words to search for, counted as not found"
    yield (
        sum(not each.present for each in evaluation.outcomes),
        "whose right articles are not in this knowledge base, counted as not found",
    )


def _figure_lines(label: str, figures: Figures) -> Iterator[Line]:
    estimates = [figures.measures[name] for name in MEASURES]
    name = one_line(label)
    name = name if len(name) < _LABEL else name[: _LABEL - 2] + "…"
    means = "".join(f"{each.value:>{_COLUMN}.3f}" for each in estimates)
    yield styled(f"{name:<{_LABEL}}{figures.queries:>7}{means}")
    intervals = [f"{each.low:.2f}-{each.high:.2f}" for each in estimates]
    yield styled(" " * (_LABEL + 7) + "".join(f"{each:>{_COLUMN}}" for each in intervals), "quiet")


def _comparison_lines(side: Side, other: Side, found: Comparison) -> Iterator[Line]:
    yield styled(f"{_named(side, other)} against {_named(other, side)}, on the same queries", "title")
    if not found.better and not found.worse:
        yield styled("No query has its right article at another rank.")
        return
    yield styled(
        f"The right article is higher for {_counted(found.better)}, lower for {found.worse:,}, "
        f"the same for {found.same:,}."
    )
    yield Line()
    yield styled(f"{'':<10}{'this':>8}{'other':>8}{'by':>9}{'95 % interval':>18}{'p':>8}", "heading")
    for name in MEASURES:
        difference = found.differences[name]
        estimate = difference.estimate
        interval = f"{_signed(estimate.low)} to {_signed(estimate.high)}"
        means = f"{side.total.measures[name].value:>8.3f}{other.total.measures[name].value:>8.3f}"
        verdict = "may be chance" if difference.may_be_chance else "hardly chance"
        yield styled(f"{name:<10}{means}{_signed(estimate.value):>9}{interval:>18}{difference.p:>8.4f}  {verdict}")


def _miss(outcome: Outcome) -> str:
    rank = f"> {DEPTH}" if outcome.rank is None else str(outcome.rank)
    return (
        f"{one_line(outcome.query.id):<{_ID}}{rank:>8}  {one_line(outcome.first or '-'):<{_ID}}"
        f"{one_line(outcome.query.query)}"
    )


def _signed(value: float) -> str:
    """Return a difference with its sign; what is rounded to nothing has none."""
    written = f"{value:+.3f}"
    return written if written.strip("+-0.") else "0.000"


def _counted(number: int) -> str:
    return f"{number:,} {'query' if number == 1 else 'queries'}"


def _named(side: Side, other: Side) -> str:
    """Return the words that tell a side from the other: its engine, and its home where that differs."""
    return side.engine if side.home == other.home else f"{side.engine} in {one_line(side.home)}"
