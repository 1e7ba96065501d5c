"""The codes by which a failure is known, found in what a user pastes."""

import time

import pytest

from kb.models import Signature
from kb.text.signatures import find_signatures, message_signature, message_signatures, signature_terms, spellings


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("see Q164175", "article_id", "Q164175"),
        ("KB 0164175", "article_id", "Q164175"),
        ("STOP 0x0000007B (0xF201B84C)", "stop", "7b"),
        ("*** STOP: 0xC000021A", "stop", "c000021a"),
        ("Stop 7B", "stop", "7b"),
        ("Event ID: 5", "event_id", "5"),
        ("Event 2000", "event_id", "2000"),
        ("failed with 0x80040154", "hresult", "80040154"),
        ("Err.Number = -2147221164", "hresult", "80040154"),
        ("returned 2147746132.", "hresult", "80040154"),
        ("&H80040154", "hresult", "80040154"),
        ("0x80070005", "win32", "5"),
        ("System error 53 has occurred", "win32", "53"),
        ("net helpmsg 2182", "win32", "2182"),
        ("Run-time error '429':", "run_time", "429"),
        ("HTTP Error 500.100", "http", "500.100"),
        ("SQLState: 08001", "sql_state", "08001"),
        ("exception 0Eh", "exception", "e"),
        ("event code 7000", "event_id", "7000"),
        ("returned c0000005", "hex", "c0000005"),
        ("error LNK2001: unresolved", "compiler", "LNK2001"),
        ("fatal error C1083", "compiler", "C1083"),
        ("service specific error 1011", "error_number", "1011"),
        ("Error code: 2184", "error_number", "2184"),
    ],
)
def test_a_signature_is_found(text: str, kind: str, value: str) -> None:
    assert (kind, value) in {(found.type, found.value) for found in find_signatures(text)}


def test_a_stop_code_is_not_told_again_as_a_number() -> None:
    assert find_signatures("STOP 0x0000007B") == (Signature("stop", "7b"),)


def test_repeated_signatures_are_told_once() -> None:
    assert len(find_signatures("error 5, error 5, Error: 5")) == 1


def test_a_number_with_a_sharper_name_is_not_told_again() -> None:
    assert find_signatures("Run-time error 429") == (Signature("run_time", "429"),)
    assert find_signatures("0x80040154 (-2147221164)") == (Signature("hresult", "80040154"),)


def test_a_large_number_is_no_hresult_unless_its_bits_say_so() -> None:
    assert find_signatures("it is 4294967295 bytes, 3000000000 at most, or -999999999") == ()


@pytest.mark.parametrize(
    "entry",
    [
        "Event ID: 4319\nSource: NetBT\nDescription: A duplicate name",
        "Source: NetBT\nType: Error\nEvent ID: 4319",
        "Event ID: 4319 Source: NetBT Description: A duplicate name",
    ],
)
def test_an_event_is_known_by_its_source_too(entry: str) -> None:
    assert find_signatures(entry) == (Signature("event_id", "4319", "NetBT"),)


def test_a_source_of_several_words_is_given_whole() -> None:
    (found,) = find_signatures("Event ID: 7000 Source: Service Control Manager Type: Error")
    assert found.source == "Service Control Manager"


def test_the_same_event_without_source_adds_nothing() -> None:
    entry = "Event ID: 7000 Source: Service Control Manager"
    assert len(find_signatures(f"{'x' * 500} Event 7000 {'x' * 500} {entry}")) == 1


def test_other_spellings_of_a_code() -> None:
    assert spellings(Signature("hresult", "80070005")) == ("0x80070005", "-2147024891", "2147942405")
    assert spellings(Signature("stop", "a")) == ("0x0000000A", "0xA")
    assert spellings(Signature("event_id", "7000")) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cannot open the file <name>.", "Cannot open the file A:\\LETTERS\\X.DOC"),
        ("Could not find '%s'", "Could not find 'Orders'"),
        ("a fault in KERNEL32 at 0137:bff9a3c0.", "A fault in KERNEL32 at 0028:c001e36c"),
        ("Drive x: is full", "drive X: is full!"),
        ("Object at 0xNNNN is bad", "Object at 0x1a2b is bad"),
    ],
)  # fmt: skip
def test_instances_of_one_message_have_one_signature(one: str, other: str) -> None:
    assert message_signature(one) == message_signature(other) is not None


def test_slots_stand_for_what_differs() -> None:
    found = message_signature('The process "Store.exe" at \\\\SERVER\\SHARE failed: %1')
    assert found == Signature("message", "the process * at * failed *")


@pytest.mark.parametrize("message", ["", "<name>", "Error", "%1 %2", "'x' <y>"])
def test_what_is_all_slots_is_no_message(message: str) -> None:
    assert message_signature(message) is None


@pytest.mark.parametrize("text", ["", "the printer prints blank pages", "stop the service", "in the event of fire"])
def test_plain_words_have_none(text: str) -> None:
    assert find_signatures(text) == ()


@pytest.mark.parametrize(
    "unit",
    [
        "STOP ",
        "0x",
        "error ",
        "event id: ",
        "aaaaaaaa ",
        "Q ",
        "1",
        "a1b2c3d4 ",
        "Event 1 Source: a ",
        "<a ",
        "'a",
        "%1 ",
    ],
)
def test_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        started = time.perf_counter()
        find_signatures(text)
        message_signature(text)
        return time.perf_counter() - started

    seconds(1000)
    once, eightfold = min(seconds(50_000) for _ in range(3)), min(seconds(400_000) for _ in range(3))
    assert eightfold < 30 * once + 0.05


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("STOP: 0x0000000A (0x1, 0x2)", "a Stop 0xA"),
        ("error 80040154", "Err.Number = -2147221164"),
        ("Run-time error 3146", "I get error 3146"),
        ("Event ID: 5002, Source: IbmTok", "Event 5002"),
    ],
)
def test_two_spellings_of_a_failure_share_a_term(one: str, other: str) -> None:
    assert set(signature_terms(find_signatures(one))) & set(signature_terms(find_signatures(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("STOP 0x0000000A", "STOP 0x0000000B"),
        ("Event ID 5002", "error 5002"),
        ("error 1018", "error -1018"),
        ("LNK2001", "C2001"),
    ],
)
def test_different_failures_share_no_term(one: str, other: str) -> None:
    assert not set(signature_terms(find_signatures(one))) & set(signature_terms(find_signatures(other)))


def test_an_event_is_found_by_its_source_too() -> None:
    (event,) = find_signatures("The description for Event ID ( 5002 ) in Source ( IbmTok ) could not be found")
    assert event == Signature("event_id", "5002", "IbmTok")
    assert signature_terms([event]) == ("event_id=5002", "event_id=5002@ibmtok")


def test_an_article_that_is_named_is_no_failure() -> None:
    assert signature_terms(find_signatures("see Q164175")) == ()


@pytest.mark.parametrize(
    "pasted",
    [
        "Cannot open A:\\LETTER.DOC.",
        "10:42 user says:\nCannot open C:\\Temp\\x.doc.\nPlease call back",
        'the program says "Cannot open A:\\LETTER.DOC." and ends',
        "Cannot open A:\\LETTER.DOC. Then it closed.",
    ],
)
def test_a_message_is_found_in_what_is_pasted_whatever_its_names(pasted: str) -> None:
    wanted = signature_terms([s for s in (message_signature("Cannot open <file>."),) if s])
    assert set(wanted) <= set(signature_terms(message_signatures(pasted)))


def test_messages_of_a_long_log_take_time_in_proportion() -> None:
    log = "\n".join(f"12:00:{n:02} error {n}: could not open the file {n}." for n in range(5000))
    started = time.perf_counter()
    assert message_signatures(log)
    assert time.perf_counter() - started < 2
