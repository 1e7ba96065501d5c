"""Plots: readable as XML, with points where their values are."""

import math
from xml.etree import ElementTree

from bench.plots import Axis, Frame, Line, line_plot
from bench.reliability_plot import reliability_svg

SVG = "{http://www.w3.org/2000/svg}"


def test_a_line_has_a_point_for_each_value_and_tells_it() -> None:
    drawn = ElementTree.fromstring(
        line_plot("Speed <& size", "articles", "ms", [Line("median", [(57_000, 5), (1_000_000, 20)])])
    )
    assert [title.text for title in drawn.iter(f"{SVG}title")] == [
        "Speed <& size", "median: 5.0 at 57,000", "median: 20.0 at 1,000,000",
    ]  # fmt: skip
    low, high = (float(dot.attrib["cy"]) for dot in drawn.iter(f"{SVG}circle"))
    assert low > high


def test_an_axis_of_powers_puts_equal_ratios_at_equal_distances() -> None:
    axis = Axis("n", 1, 10_000, (), log=True)
    assert [round(axis.share(value), 6) for value in (1, 10, 100, 10_000)] == [0, 0.25, 0.5, 1]


def test_the_corners_of_a_frame_are_its_lowest_and_highest_values() -> None:
    frame = Frame("t", Axis("x", 2, 4, ()), Axis("y", 0, 10, ()), 100, 200, (10, 20, 30, 40))
    assert frame.at(2, 0) == (10, 160)
    assert frame.at(4, 10) == (70, 20)


def test_a_dot_stands_where_chance_and_truth_meet() -> None:
    drawn = ElementTree.fromstring(reliability_svg([(0.75, True), (0.75, True), (0.75, False), (0.72, True)]))
    (dot,) = drawn.iter(f"{SVG}circle")
    title = dot.find(f"{SVG}title")
    assert title is not None
    assert title.text == "0.74 said, 0.75 right, 4 queries"
    assert math.isclose(float(dot.attrib["cx"]), 48 + 0.7425 * 264, abs_tol=0.1)
