"""The error signatures of an article: its codes in one spelling each, events with their source, its messages."""

from collections.abc import Sequence
from functools import lru_cache

from indexer.fields.error_messages import from_event_id
from kb.models import Signature
from kb.text.signatures import find_signatures, message_signature


# The same few thousand codes stand in tens of thousands of articles.
@lru_cache(maxsize=4096)
def _typed(code: str) -> tuple[Signature, ...]:
    return tuple(signature for signature in find_signatures(code) if signature.type != "article_id")


def article_signatures(codes: Sequence[str], messages: Sequence[str]) -> tuple[Signature, ...]:
    """Return the signatures of an article from its error codes and error messages as found, each once.

    Codes come first, in order; a code of no known type is a `code` as written, in lower case. Messages hold `*` for
    what differs from case to case.
    """
    found: dict[Signature, None] = {}
    # The source of an event stands in the log entry, not beside the id in running text.
    sourced = {
        signature.value: signature
        for message in messages
        if "ource" in message or "OURCE" in message
        for signature in find_signatures(message)
        if signature.source
    }
    for code in codes:
        known = _typed(code)
        for signature in known or [Signature("code", code.lower())]:
            found[sourced.get(signature.value, signature) if signature.type == "event_id" else signature] = None
    found.update((pattern, None) for message in messages if (pattern := message_signature(from_event_id(message))))
    return tuple(found)
