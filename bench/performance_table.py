"""Make words of what bench/performance.py measured: the table, and what is asked beside what was measured."""

import statistics
from collections.abc import Iterator, Sequence
from typing import Any

WHOLE = 50_000
"""Articles from which on what is asked of the whole archive is compared with what was measured."""
SETS = ("5 words", "12 words", "40 words")
MOST = "40 words"


def table(figures: dict[str, Any]) -> str:
    """Return the table, one line a contender, and a line for what was left out."""
    heads = (
        "", "version", "import, s", "articles/s", "CPU-s", "peak memory, MB", "on disk, MB",
        *(f"{name}: median / p95 / p99, ms" for name in SETS), "cold command, ms",
    )  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(_cells(each, figures['articles']))} |" for each in figures["contenders"].values()]
    floors = ", ".join(f"`{name}` {_ms(runs):.0f} ms" for name, runs in figures["floors"].items())
    lines.append(f"\n{figures['articles']:,} articles, {figures['raw_bytes'] / 1e6:.0f} MB of files. Cold: {floors}.")
    lines += [f"{title} is left out: {why}" for title, why in figures["left_out"].items()]
    return "\n".join(lines)


def _cells(each: dict[str, Any], articles: int) -> Iterator[str]:
    yield each["title"]
    yield each["version"]
    imported = each.get("import")
    if imported:
        yield f"{imported['seconds']:.1f}"
        yield f"{articles / imported['seconds']:,.0f}"
        yield f"{imported['cpu_seconds']:.1f}"
        yield f"{imported['peak_bytes'] / 1e6:,.0f}"
        yield f"{each['bytes'] / 1e6:,.0f}"
    else:
        yield from ("",) * 5
    counts = {name: asked["wall_ms"]["count"] for name, asked in each.get("asked", {}).items()}
    for name in SETS:
        asked = each.get("asked", {}).get(name)
        few = f" (of {counts[name]})" if asked and counts[name] < max(counts[some] for some in SETS) else ""
        yield " / ".join(f"{asked['wall_ms'][of]:.1f}" for of in ("median", "p95", "p99")) + few if asked else ""
    yield f"{_ms(each['cold']):.0f}" if each.get("cold") else ""


def asked_lines(figures: dict[str, Any]) -> Iterator[str]:
    """Yield what is asked of kbfix (docs/performance.md), each with what was measured, as far as it was."""
    all_of_them = figures["contenders"]
    ours = all_of_them.get("kbfix-tantivy", {})
    if figures["articles"] < WHOLE:
        yield "\nWhat follows is asked of the whole archive; this is a part of it."
    yield "\nAsked, and measured:\n"
    yield from _import_lines(figures, ours)
    yield from _query_lines(all_of_them, ours)
    yield from _start_lines(figures, ours)


def _import_lines(figures: dict[str, Any], ours: dict[str, Any]) -> Iterator[str]:
    found = figures["contenders"]
    if imported := ours.get("import"):
        yield _line("archive to searchable", imported["seconds"], 40, "s")
        yield _line("its peak memory, all processes", imported["peak_bytes"] / 1e6, 1200, "MB")
        yield from _ratio("its time by tantivy alone", found, "kbfix-tantivy", "tantivy", 5)
        yield _line("home by raw text", 100 * ours["bytes"] / figures["raw_bytes"], 60, "%")
    if again := figures.get("reimport"):
        unchanged = statistics.median(each["seconds"] for each in again["unchanged"])
        yield _line("unchanged folder imported again", unchanged, 5, "s")
    yield from _ratio("import with whoosh by Whoosh alone", found, "kbfix-whoosh", "whoosh", 1.5)


def _ratio(what: str, found: dict[str, Any], name: str, peer: str, most: float) -> Iterator[str]:
    one, other = (found.get(each, {}).get("import") for each in (name, peer))
    if one and other:
        cpu = one["cpu_seconds"] / other["cpu_seconds"]
        yield _line(what, one["seconds"] / other["seconds"], most, "times", f"; in CPU seconds {cpu:.2f}")


def _query_lines(found: dict[str, Any], ours: dict[str, Any]) -> Iterator[str]:
    asked = ours.get("asked", {})
    if MOST not in asked:
        return
    warm = asked[MOST]["wall_ms"]
    cpu = asked[MOST]["cpu_ms"]
    yield _line("search warm, 40 words, median", warm["median"], 8, "ms", f"; CPU {cpu['median']:.1f} ms")
    yield _line("search warm, 40 words, p95", warm["p95"], 25, "ms", f"; CPU {cpu['p95']:.1f} ms")
    if "written" in asked:
        written = asked["written"]["wall_ms"]
        yield _line(
            "search warm, written queries, median", written["median"], 15, "ms", f"; p95 {written['p95']:.1f} ms"
        )
    yield (
        f"- search warm: median {warm['median']:.1f} ms, p95 {warm['p95']:.1f} ms for 40-word queries "
        f"(asked: median 15 ms, p95 50 ms): {_verdict(warm['median'] <= 15 and warm['p95'] <= 50)}"
    )
    for peer, least in (("fts5", 20.0), ("whoosh", 20.0), ("xapian", 1.5)):
        theirs = found.get(peer, {}).get("asked", {}).get(MOST)
        if theirs:
            times = theirs["wall_ms"]["median"] / warm["median"]
            title = found[peer]["title"]
            yield _line(f"faster than {title}, 40 words, median", times, least, "times", least=True)
    theirs = found.get("tantivy", {}).get("asked", {}).get(MOST)
    if theirs:
        more = warm["median"] - theirs["wall_ms"]["median"]
        yield _line("longer than tantivy alone, 40 words, median", more, 6, "ms")


def _start_lines(figures: dict[str, Any], ours: dict[str, Any]) -> Iterator[str]:
    floors = figures["floors"]
    if not ours.get("cold"):
        return
    cold, typer = _ms(ours["cold"]), _ms(floors["python -c 'import typer'"])
    cpu = _ms(ours["cold"], "cpu_seconds") / _ms(floors["python -c 'import typer'"], "cpu_seconds")
    what = f"cold search ({cold:.0f} ms) by `import typer` ({typer:.0f} ms)"
    yield _line(what, cold / typer, 3.2, "times", f"; in CPU seconds {cpu:.2f}")
    if "rg -il WORD" in floors:
        unpacked = _ms(floors["rg -il WORD"])
        yield _line(f"cold search by `rg -il WORD` ({unpacked:.0f} ms)", cold / unpacked, 1, "times")


def _line(what: str, measured: float, asked: float, unit: str, more: str = "", *, least: bool = False) -> str:
    met = measured >= asked if least else measured <= asked
    most = "least" if least else "most"
    shown = f"{measured:.2f}" if unit == "times" else f"{measured:.1f}"
    return f"- {what}: {shown} {unit} (asked: at {most} {asked:g} {unit}): {_verdict(met)}{more}"


def _verdict(met: bool) -> str:
    return "met" if met else "**missed**"


def _ms(runs: Sequence[dict[str, float]], clock: str = "seconds") -> float:
    return 1000 * statistics.median(run[clock] for run in runs)
