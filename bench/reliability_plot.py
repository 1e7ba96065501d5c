"""Draw how true chances are: of all answers given at so much, how many were right. An SVG, written by hand."""

from collections.abc import Sequence

BINS = 10
SIZE, MARGIN = 360, 48


def reliability_svg(points: Sequence[tuple[float, bool]]) -> str:
    """Return the plot of chance against truth; the area of a dot is how many answers it stands for."""
    scale = SIZE - 2 * MARGIN

    def at(x: float, y: float) -> str:
        return f"{MARGIN + x * scale:.1f},{SIZE - MARGIN - y * scale:.1f}"

    dots, line = [], []
    for number in range(BINS):
        low, high = number / BINS, (number + 1) / BINS
        some = [(c, right) for c, right in points if low <= c < high or (number == BINS - 1 and c == 1)]
        if some:
            said = sum(c for c, _ in some) / len(some)
            true = sum(right for _, right in some) / len(some)
            x, y = at(said, true).split(",")
            line.append(f"{x},{y}")
            radius = 2 + 18 * (len(some) / len(points)) ** 0.5
            label = f"{said:.2f} said, {true:.2f} right, {len(some)} queries"
            dots.append(f'<circle cx="{x}" cy="{y}" r="{radius:.1f}"><title>{label}</title></circle>')
    ticks = "".join(
        f'<text x="{at(t / 5, 0).split(",")[0]}" y="{SIZE - MARGIN + 18}" text-anchor="middle">{t / 5:.1f}</text>'
        f'<text x="{MARGIN - 8}" y="{float(at(0, t / 5).split(",")[1]) + 4:.1f}" text-anchor="end">{t / 5:.1f}</text>'
        for t in range(6)
    )
    font = 'font-family="sans-serif" font-size="12"'
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" {font}>
<title>Chance said and share right, {len(points)} queries, out of fold</title>
<rect width="{SIZE}" height="{SIZE}" fill="#fff"/>
<g fill="none" stroke="#999"><rect x="{MARGIN}" y="{MARGIN}" width="{scale}" height="{scale}"/>
<polyline points="{at(0, 0)} {at(1, 1)}" stroke-dasharray="4 4"/></g>
<g fill="#444">{ticks}
<text x="{SIZE / 2}" y="{SIZE - 10}" text-anchor="middle">chance that kbfix said</text>
<text transform="translate(14 {SIZE / 2}) rotate(-90)" text-anchor="middle">share that was right</text></g>
<polyline points="{" ".join(line)}" fill="none" stroke="#1f6feb"/>
<g fill="#1f6feb" fill-opacity="0.6">{"".join(dots)}</g>
</svg>
"""
