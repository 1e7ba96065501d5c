"""Do one part of a search in a thread beside another: both wait for native code, which two cores can run at once."""

from collections.abc import Callable
from threading import Thread
from typing import Final, TypeVar

WORTH_A_THREAD: Final = 20_000
"""Articles from which on comparing all vectors takes longer than to start a thread."""
T = TypeVar("T")


def aside(call: Callable[[], T]) -> Callable[[], T]:
    """Start `call` in a thread; return a function that waits for its result, or raises what it raised."""
    found: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            found.append(call())
        except BaseException as error:  # noqa: BLE001  raised again where the result is asked for
            failed.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()

    def result() -> T:
        thread.join()
        if failed:
            raise failed[0]
        return found[0]

    return result
