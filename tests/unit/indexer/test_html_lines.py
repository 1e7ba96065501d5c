"""A page becomes plain lines with its outline, whatever its markup."""

import pytest

from indexer.html_text import read_html_lines
from indexer.line_writer import MOST_INDENT, in_columns
from indexer.marked_lines import STANDS_OUT


def lines(markup: str) -> list[str]:
    return [line.text for line in read_html_lines(markup).lines]


def marked(markup: str) -> list[tuple[str, int]]:
    return [(line.text, line.level) for line in read_html_lines(markup).lines if line.level]


def test_bullets_and_numbers_nest_as_in_the_older_articles() -> None:
    page = "<ul><li>a<ul><li>b</ul><li>c</ul><ol><li>one<ol type=a><li>two<li>three</ol><li>four<ul><li>five</ul></ol>"
    assert lines(page) == [
        " - a", "    - b", " - c", "", "1. one", "   a. two", "   b. three", "2. four", "    - five"
    ]  # fmt: skip


def test_a_list_goes_on_where_it_says() -> None:
    assert lines("<ol start=9><li>a<li>b<li value=20>c</ol>") == ["9. a", "10. b", "20. c"]


def test_paragraphs_of_an_item_hang_below_its_number() -> None:
    assert lines("<ol><li><p>a</p><p>b</p><pre>c\n  d</pre></li></ol>") == [
        "1. a",
        "",
        "   b",
        "",
        "      c",
        "        d",
    ]


def test_preformatted_text_is_as_written_and_stands_in_by_three() -> None:
    page = f"<p>{'word ' * 20}</p><pre>  a\tb\n\n c</pre>"
    assert lines(page)[2:] == ["     a\tb", "", "    c"]


def test_a_preformatted_text_that_is_the_page_is_not_set_off() -> None:
    assert lines("<p>x</p><pre>SYMPTOMS\n\n   It fails.</pre>") == ["x", "", "SYMPTOMS", "", "   It fails."]


def test_headings_have_their_level_and_what_looks_like_one_stands_out() -> None:
    page = (
        "<h1>a</h1><h4>b <i>c</i></h4><p><b>d</b></p><p class=secHeading>e</p>"
        "<p><strong>f</strong>:</p><p><b>g</b> h</p>"
        "<font size=5>i</font><br>j<dl><dt>k<dd>l</dl>"
    )
    assert marked(page) == [
        ("a", 1), ("b c", 4), *((word, STANDS_OUT) for word in ("d", "e", "f:", "i", "k"))
    ]  # fmt: skip


def test_a_heading_that_nobody_closed_ends_where_a_block_begins() -> None:
    assert marked("<h2>a<p>b<p>c") == [("a", 2)]


def test_tables_become_columns_and_rows_with_a_label_lines() -> None:
    assert lines("<table><tr><th>Name<th>Value<tr><td>a long name<td>1</table>") == [
        "Name         Value", "a long name  1"
    ]  # fmt: skip
    assert lines("<table><tr><td><b>Article ID</b><td>123<tr><td>Date:<td>5/6/2003</table>") == [
        "Article ID: 123", "Date: 5/6/2003"
    ]  # fmt: skip


def test_the_label_of_a_long_text_is_a_heading() -> None:
    assert marked(f"<table><tr><th>Cause</th><td>{'word ' * 40}</td></tr></table>") == [("Cause", STANDS_OUT)]


def test_tables_that_lay_out_a_page_are_read_cell_by_cell() -> None:
    page = "<table><tr><td>menu</td><td><h2>Cause</h2><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>"
    assert lines(page) == ["menu", "", "Cause", "", "a  b"]
    assert lines("<table><tr><td>a</td><td>b<br>c<br>d</td></tr></table>") == ["a", "b", "c", "d"]


def test_breaks_end_lines_and_two_of_them_paragraphs() -> None:
    assert lines("a<br>b<br><br>c<hr>d") == ["a", "b", "", "c", "", "d"]


def test_quotations_and_boxes_for_messages_stand_in() -> None:
    assert lines("a<blockquote>b</blockquote><div class='errormsg'>c<br>d</div>e") == [
        "a", "", "   b", "", "   c", "   d", "e"
    ]  # fmt: skip


def test_what_is_not_text_is_left_out() -> None:
    page = "<nav>a</nav><script>b</script><style>c</style><!-- d --><select><option>e</select><footer>f</footer>g"
    assert lines(page) == ["g"]
    assert lines("<article>a<footer>b</footer></article>") == ["a", "b"]


def test_the_main_part_is_the_page_where_there_is_one() -> None:
    assert lines("<p>a</p><main>b</main><p>c</p>") == ["b"]
    assert lines("<main></main><p>c</p>") == ["c"]
    assert lines("<main>a</main><main>b</main>") == ["a", "b"]


def test_a_page_of_frames_is_what_it_shows_without_them() -> None:
    page = "<html><frameset><frame src=a><noframes><h1>b</h1>c &amp; d</noframes></frameset></html>"
    assert lines(page) == ["b", "", "c & d"]
    assert lines("<frameset><frame src=a></frameset>") == []


def test_entities_white_space_and_invisible_signs() -> None:
    assert lines("<p>a&nbsp; &lt;b&gt;\n\n&#8226; c\u200bd&shy;e</p>") == ["a <b> • cde"]


def test_no_line_begins_with_other_spaces_than_blanks() -> None:
    assert lines("<p>&#12288;a</p><p>x</p><ul><li>b<pre>&nbsp;&#12288;c</pre></ul>") == [
        "a", "", "x", "", " - b", "", "        c"
    ]  # fmt: skip


def test_links_to_other_sites_are_kept_with_their_words() -> None:
    page = read_html_lines("<a href=/x>a</a><a href='http://b/1'>b <b>c</b></a><nav><a href='http://d'>d</a></nav>")
    assert page.links == (("b c", "http://b/1"),)


def test_the_title_is_told_apart_from_the_text() -> None:
    page = read_html_lines("<TITLE>a &amp;\n b</TITLE><BODY>c")
    assert (page.title, [line.text for line in page.lines]) == ("a & b", ["c"])


@pytest.mark.parametrize("markup", ["", " ", "<", "<!-- a -->", "\ud800", "<html></html>", "\x01"])
def test_any_string_is_a_page(markup: str) -> None:
    assert read_html_lines(markup).was_cut is False


@pytest.mark.parametrize("unit", ["<div>", "<ul><li>x", "<table><tr><td>", "<b>", "<blockquote>x"])
def test_what_is_nested_too_deep_is_left_out_and_told(unit: str) -> None:
    page = read_html_lines("a" + unit * 20_000)
    assert page.was_cut
    assert page.lines[0].text == "a"
    assert all(len(line.text) <= MOST_INDENT + 10 for line in page.lines)


def test_wide_cells_do_not_push_the_others_away() -> None:
    assert in_columns([["a" * 50, "b"], ["c", "d"], ["e"]]) == ["a" * 50 + "  b", "c" + " " * 31 + "d", "e"]
