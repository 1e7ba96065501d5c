"""Plots as SVG, written by hand: a frame with two axes, and lines in it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

INK = ("#1f6feb", "#d1242f", "#1a7f37", "#8250df")
"""Colours that are told apart on white, by most of those who see few colours too."""


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis says, from where to where it goes, and what stands at its ticks; `log` spreads it by powers."""

    label: str
    low: float
    high: float
    ticks: Sequence[tuple[float, str]]
    log: bool = False

    def share(self, value: float) -> float:
        """Return how far along the axis a value lies, from 0 to 1."""
        low, high, at = (math.log(v) if self.log else v for v in (self.low, self.high, value))
        return (at - low) / (high - low)


@dataclass(frozen=True, slots=True)
class Frame:
    """A box with an axis below and one at its left, in a picture of `width` and `height`; `margins` are around it."""

    title: str
    x: Axis
    y: Axis
    width: int = 360
    height: int = 360
    margins: tuple[int, int, int, int] = field(default=(48, 48, 48, 48))
    """Left, top, right, bottom."""

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of these values lies in the picture."""
        left, top, right, bottom = self.margins
        wide, high = self.width - left - right, self.height - top - bottom
        return left + self.x.share(x) * wide, self.height - bottom - self.y.share(y) * high

    def path(self, points: Sequence[tuple[float, float]]) -> str:
        """Return points as the attribute of a polyline."""
        return " ".join("{:.1f},{:.1f}".format(*self.at(*point)) for point in points)

    def svg(self, inside: str) -> str:
        """Return the picture with `inside` drawn over the frame."""
        left, top, right, bottom = self.margins
        wide, high = self.width - left - right, self.height - top - bottom
        ticks = "".join(
            f'<text x="{self.at(value, self.y.low)[0]:.1f}" y="{self.height - bottom + 18}" text-anchor="middle">'
            f"{escape(said)}</text>"
            for value, said in self.x.ticks
        ) + "".join(
            f'<text x="{left - 8}" y="{self.at(self.x.low, value)[1] + 4:.1f}" text-anchor="end">{escape(said)}</text>'
            for value, said in self.y.ticks
        )
        middle = (left + wide / 2, top + high / 2)
        return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" font-family="sans-serif" font-size="12">
<title>{escape(self.title)}</title>
<rect width="{self.width}" height="{self.height}" fill="#fff"/>
<rect x="{left}" y="{top}" width="{wide}" height="{high}" fill="none" stroke="#999"/>
<g fill="#444">{ticks}
<text x="{middle[0]:g}" y="{self.height - bottom + 38}" text-anchor="middle">{escape(self.x.label)}</text>
<text transform="translate(14 {middle[1]:g}) rotate(-90)" text-anchor="middle">{escape(self.y.label)}</text></g>
{inside}
</svg>
"""  # noqa: E501  (a line of SVG)


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points, and its name."""

    name: str
    points: Sequence[tuple[float, float]]


def line_plot(title: str, x_label: str, y_label: str, lines: Sequence[Line]) -> str:
    """Return lines over an axis of powers of ten, from 0 up; every point says its values when pointed at."""
    across = sorted({x for line in lines for x, _ in line.points})
    step = _round_step(max(y for line in lines for _, y in line.points) * 1.05)
    count = math.ceil(max(y for line in lines for _, y in line.points) * 1.05 / step)
    x_axis = Axis(x_label, across[0] / 1.2, across[-1] * 1.2, [(x, f"{x / 1000:,.0f}k") for x in across], log=True)
    y_axis = Axis(y_label, 0, step * count, [(step * n, f"{step * n:,g}") for n in range(count + 1)])
    frame = Frame(title, x_axis, y_axis, 560, 340, (62, 20 + 18 * ((len(lines) + 1) // 2), 20, 48))
    drawn = []
    for place, line in enumerate(lines):
        ink = INK[place % len(INK)]
        dots = "".join(
            '<circle cx="{:.1f}" cy="{:.1f}" r="4">'.format(*frame.at(x, y))
            + f"<title>{escape(line.name)}: {y:,.1f} at {x:,.0f}</title></circle>"
            for x, y in line.points
        )
        named = (frame.margins[0] + 250 * (place % 2), 20 + 18 * (place // 2))
        drawn.append(
            f'<polyline points="{frame.path(line.points)}" fill="none" stroke="{ink}" stroke-width="2"/>'
            f'<g fill="{ink}">{dots}<text x="{named[0]}" y="{named[1]}">● {escape(line.name)}</text></g>'
        )
    return frame.svg("\n".join(drawn))


def _round_step(most: float) -> float:
    """Return 1, 2 or 5 times a power of ten, so that five to ten of them reach `most`."""
    power = 10 ** math.floor(math.log10(most / 5))
    return max(step * power for step in (1, 2, 5) if step * power <= most / 5 * 1.0001)
