"""Messages a product shows are found; other indented blocks are not."""

import pytest

from indexer.fields.error_messages import find_error_messages, from_event_id


def messages(text: str) -> tuple[str, ...]:
    return find_error_messages([text])


@pytest.mark.parametrize(
    "intro",
    [
        "When you start it, you receive the following error message:",
        "The following message appears when you start it:",
        "You may receive an error message similar to the following:",
        "An additional symptom is the error message",
        "When this occurs, you receive the following error message.",
        "Windows displays a message that says:",
        "When you click OK, the following error occurs,",
        "This causes the following error:",
    ],
)
def test_an_announced_block_is_a_message(intro: str) -> None:
    assert messages(f"{intro}\n\n   The disk is full.\n   Remove some files.\n\nThen it stops.") == (
        "The disk is full. Remove some files.",
    )


@pytest.mark.parametrize(
    "intro",
    [
        "To prevent the error, type the following command:",
        "For more information on this error, see the following article in the Microsoft Knowledge Base:",
        "There are two causes for this error message:",
        "This error can occur if:",
        "The following code reproduces the error:",
        "The following sequence of events occurs:",
    ],
)
def test_blocks_that_something_else_announces_are_no_messages(intro: str) -> None:
    assert messages(f"{intro}\n\n   net stop browser\n\nThen go on.") == ()


def test_the_paragraphs_of_one_message_are_joined() -> None:
    assert messages("The following error message appears:\n\n   CGI Error\n\n   No headers.\n\nEnd.") == (
        "CGI Error No headers.",
    )


def test_several_messages_are_given_apart() -> None:
    text = "One of the following error messages appears:\n\n   No disk.\n\n   -or-\n\n   No paper.\n\n   No ink."
    assert messages(text) == ("No disk.", "No paper.", "No ink.")


def test_outer_quotes_are_dropped_and_inner_ones_kept() -> None:
    text = (
        'The following message appears:\n\n   "The file is lost."\n\nThe following message appears:\n\n   Use "a" now.'
    )
    assert messages(text) == ("The file is lost.", 'Use "a" now.')


def test_in_a_list_only_the_first_paragraph_is_the_message() -> None:
    text = " - Word displays the following message:\n\n   The check is done.\n\n   Word then goes on with the text."
    assert messages(text) == ("The check is done.",)


def test_an_event_is_one_message_to_the_end_of_its_description() -> None:
    text = "   Event ID: 7028\n   Source: Manager\n   Description:\n   The key denied access.\n\nThen."
    assert messages(text) == ("Event ID: 7028 Source: Manager Description: The key denied access.",)


def test_stops_and_diagnostics_need_no_announcement() -> None:
    build = "   a.cpp(3) : error C2065: 'x' undeclared\n   a.cpp(4) : error C2143: syntax"
    text = "   STOP: 0x0000000A (1, 2, 3, 4)\n\n" + build
    assert messages(text) == (
        "STOP: 0x0000000A (1, 2, 3, 4)",
        "a.cpp(3) : error C2065: 'x' undeclared",
        "a.cpp(4) : error C2143: syntax",
    )


def test_messages_quoted_in_running_text_count_beside_the_word() -> None:
    text = 'You see the "No disk in drive" error message, and the "Tools" menu and "some other words" are grey.'
    assert messages(text) == ("No disk in drive",)


def test_a_message_is_given_once() -> None:
    block = "The following error message appears:\n\n   No disk.\n\n"
    assert messages(block + block) == ("No disk.",)


def test_an_event_keeps_the_paragraphs_of_its_description() -> None:
    text = (
        "The following events are logged:\n\n   Event ID: 5\n   Source: A\n   Description: It failed.\n\n"
        "   The data is the code.\n\n   Event ID: 6\n\n   Source: B\n   Description: Again.\n"
    )
    assert messages(text) == (
        "Event ID: 5 Source: A Description: It failed. The data is the code.",
        "Event ID: 6 Source: B Description: Again.",
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (" - Error 53: The path was not found.\n", "Error 53: The path was not found."),
        ("Error Message: Please make a selection.\n", "Please make a selection."),
        ("Error 2: Access Denied\n----------------------\n\nThis is why.", "Error 2: Access Denied"),
    ],
)
def test_a_labelled_message_needs_no_announcement(text: str, found: str) -> None:
    assert messages(text) == (found,)


def test_a_paragraph_that_begins_with_error_is_no_message() -> None:
    assert messages("Error: this word stands\nin front of each line of the log file.") == ()


@pytest.mark.parametrize("module", ["X.OBJ(x.cpp) : ", "x.obj: ", "LINK : fatal ", ""])
def test_a_diagnostic_of_any_module_is_a_message(module: str) -> None:
    assert messages(f"   {module}error L2025: symbol defined twice\n") == (
        f"{module}error L2025: symbol defined twice",
    )


def test_an_entry_is_given_from_its_id_on() -> None:
    assert from_event_id("Event Type: Error Event Source: A B Event Category: None Event ID: 7 X") == "Event ID: 7 X"
    assert from_event_id("Source: NetBT Type: Error Event ID: 7 X") == "Event ID: 7 X"
    assert from_event_id("Event ID: 7 Source: A") == "Event ID: 7 Source: A"
    assert from_event_id("Source: no entry") == "Source: no entry"


def test_a_message_that_says_something_is_one_whatever_the_sentence_is_about() -> None:
    text = "The result of this program is an error message that states:\n\n   End of file encountered\n"
    assert messages(text) == ("End of file encountered",)


def test_errors_in_a_manual_are_no_messages() -> None:
    assert messages("It has the following three documentation errors:\n\n - Item 2 is wrong.\n") == ()
