"""Draw how true chances are: of all answers given at so much, how many were right."""

from collections.abc import Sequence

from bench.plots import INK, Axis, Frame

BINS = 10
TICKS = [(t / 5, f"{t / 5:.1f}") for t in range(6)]


def reliability_svg(points: Sequence[tuple[float, bool]]) -> str:
    """Return the plot of chance against truth; the area of a dot is how many answers it stands for."""
    frame = Frame(
        f"Chance said and share right, {len(points)} queries, out of fold",
        Axis("chance that kbfix said", 0, 1, TICKS),
        Axis("share that was right", 0, 1, TICKS),
    )
    dots, line = [], []
    for number in range(BINS):
        low, high = number / BINS, (number + 1) / BINS
        some = [(c, right) for c, right in points if low <= c < high or (number == BINS - 1 and c == 1)]
        if some:
            said = sum(c for c, _ in some) / len(some)
            true = sum(right for _, right in some) / len(some)
            line.append((said, true))
            x, y = frame.at(said, true)
            radius = 2 + 18 * (len(some) / len(points)) ** 0.5
            label = f"{said:.2f} said, {true:.2f} right, {len(some)} queries"
            dots.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"><title>{label}</title></circle>')
    return frame.svg(
        f'<polyline points="{frame.path([(0, 0), (1, 1)])}" fill="none" stroke="#999" stroke-dasharray="4 4"/>\n'
        f'<polyline points="{frame.path(line)}" fill="none" stroke="{INK[0]}"/>\n'
        f'<g fill="{INK[0]}" fill-opacity="0.6">{"".join(dots)}</g>'
    )
