"""Article text as HTML: lists are lists, code stands as written, everything is escaped."""

import pytest

pytest.importorskip("jinja2", reason="needs the extra: pip install 'kbfix[web]'")

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from kb.serve.web.prose import inline, line, prose
from kb.text.passages import passages


def html(text: str, **options: object) -> str:
    return str(prose(passages(text), **options))  # type: ignore[arg-type]


def test_numbered_steps_are_one_list_though_blank_lines_and_notes_stand_between() -> None:
    wrapped = "Second, wrapped where a line of the archive ends, which is here"
    assert html(f"1. First.\n\n2. {wrapped}\n   or so.\n\n   A note.\n\n3. Third.") == (
        f"<ol><li>First.</li><li>{wrapped} or so.<p>A note.</p></li><li>Third.</li></ol>"
    )


def test_a_list_that_goes_on_behind_a_paragraph_goes_on_counting() -> None:
    assert html("1. First.\n\nNOTE: Wait.\n\n2. Second.") == (
        '<ol><li>First.</li></ol><p>NOTE: Wait.</p><ol start="2"><li>Second.</li></ol>'
    )


def test_two_lists_are_two() -> None:
    assert html("1. A.\n\n2. B.\n\n1. C.") == "<ol><li>A.</li><li>B.</li></ol><ol><li>C.</li></ol>"


@pytest.mark.parametrize("indent", ["   ", ""])
def test_letters_are_nested_below_numbers(indent: str) -> None:
    text = f"1. Open it:\n\n{indent}a. Click.\n\n{indent}b. Type.\n\n2. Close it."
    assert html(text) == ('<ol><li>Open it:<ol type="a"><li>Click.</li><li>Type.</li></ol></li><li>Close it.</li></ol>')


def test_bullets_are_a_list_and_may_stand_in_a_step() -> None:
    assert html("1. One of:\n\n    - this\n    - that\n\n2. Go.") == (
        "<ol><li>One of:<ul><li>this</li><li>that</li></ul></li><li>Go.</li></ol>"
    )


def test_a_number_left_out_is_told() -> None:
    assert 'value="4"' in html("1. A.\n\n4. B.")


def test_code_stands_as_written_and_can_be_scrolled_by_keyboard() -> None:
    assert html("   if (a < b)\n      c();") == '<pre tabindex="0">if (a &lt; b)\n   c();</pre>'


def test_known_ids_are_links_and_no_others() -> None:
    assert inline("See Q123456 and Q654321.", links={"Q123456"}) == 'See <a href="/Q123456">Q123456</a> and Q654321.'


def test_words_that_match_are_marked() -> None:
    assert line("The <prints>\nprint", {"print"}) == "The &lt;<mark>prints</mark>&gt; <mark>print</mark>"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


_LINES = st.lists(
    st.one_of(
        st.text(max_size=80),
        st.sampled_from(
            [
                "1. a",
                "2. b",
                " a. c",
                "b. d",
                "- e",
                "    - f",
                "   code();",
                "Heading",
                "-------",
                "",
                "<b>&amp;</b>",
                "x   y",
            ]
        ),
    ),
    max_size=25,
)


@given(_LINES)
def test_whatever_it_is_given_it_is_well_formed_and_has_no_tags_but_its_own(lines: list[str]) -> None:
    tags = _Tags()
    tags.feed(html("\n".join(lines), terms={"b", "code"}, links={"Q123456"}))
    tags.close()
    assert tags.open == []
    assert tags.seen <= {"p", "h3", "pre", "ol", "ul", "li", "a", "mark"}
