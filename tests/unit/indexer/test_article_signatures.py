"""The signatures of an article are its codes and messages, each in one spelling."""

from indexer.fields.signatures import article_signatures
from kb.models import Signature


def test_codes_come_in_order_each_in_one_spelling() -> None:
    found = article_signatures(["STOP 0x0000000A", "Run-time error 429", "0x80070005", "LNK1104"], [])
    assert found == (
        Signature("stop", "a"),
        Signature("run_time", "429"),
        Signature("hresult", "80070005"),
        Signature("win32", "5"),
        Signature("compiler", "LNK1104"),
    )


def test_an_event_has_the_source_of_its_entry() -> None:
    entry = "Event Source: NetBT Event Category: None Event ID: 4319 Description: A duplicate name."
    assert article_signatures(["Event ID 4319", "Event ID 7000"], [entry])[:2] == (
        Signature("event_id", "4319", "NetBT"),
        Signature("event_id", "7000"),
    )


def test_a_code_of_no_known_type_is_kept_as_written() -> None:
    assert article_signatures(["sense code 08DC0001x"], []) == (Signature("code", "sense code 08dc0001x"),)


def test_messages_have_slots_and_are_given_once() -> None:
    found = article_signatures([], ["Cannot open <file>.", "Cannot open A:\\X.DOC", "Error"])
    assert found == (Signature("message", "cannot open *"),)
