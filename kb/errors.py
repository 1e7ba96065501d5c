"""The errors that a user may see, each with what went wrong and the next step.

    KbError                  anything that stops a command: exit code 2
    ├── BadInput             a path, option or query that cannot be used
    │   └── UnknownArticle   an id that is well formed, but not in the store: exit code 1
    ├── HomeError            the home folder is missing, foreign, of a newer version or damaged
    ├── HomeBusy             another process is writing to the home
    ├── IndexUnavailable     an engine cannot be used, or its index is not built
    ├── ExtraMissing         what a command needs is not installed
    └── ModelUnavailable     the sentence model is not installed or cannot be loaded

Raised in kb and indexer. cli/main.py alone turns them into two lines on stderr and an exit code; the other faces turn
them into replies of their own. A bad article is never one of these: it is a `Diagnostic`.
"""


class KbError(Exception):
    """An expected failure: `what` went wrong in one sentence, and the user's `next_step` in another."""

    exit_code = 2

    def __init__(self, what: str, *, next_step: str) -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step


class BadInput(KbError):
    """A path, an option's value or a query that cannot be used as it is."""


class UnknownArticle(BadInput):
    """An article id that is not in the store."""

    exit_code = 1


class HomeError(KbError):
    """The home folder is missing, not ours, of a newer version, or damaged."""


class HomeBusy(KbError):
    """Another process holds the home's write lock."""


class IndexUnavailable(KbError):
    """An engine cannot be imported here, or its index is not built in this home."""


class ModelUnavailable(KbError):
    """The sentence model is not installed, not where it was, or cannot be loaded."""


class ExtraMissing(KbError):
    """The packages that a command needs come with an extra that is not installed."""
