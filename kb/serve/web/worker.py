"""What a worker process does: answer one request after the other from a searcher of its own."""

import hashlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from starlette.responses import Response

from kb import __version__
from kb.errors import KbError
from kb.search import Searcher
from kb.serve.fresh_searcher import FreshSearcher
from kb.serve.web.overview import overview
from kb.serve.web.problems import Problem, problem_of
from kb.serve.web.replies import entity_tag, problem_reply, with_tag
from kb.store.derived import FORWARD, SENTENCES, VECTORS, Derived, engine_folder

_NO_PAGE: Final = Problem(404, "there is no such page", "search, or look around under Browse")
_fresh: FreshSearcher | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A request for a worker: the function that answers it, and what the client has already (`known` tags)."""

    work: Callable[..., Response | None]
    arguments: tuple[Any, ...]
    method: str
    path: str
    query: str
    known: str


def start(home: Path, engine: str | None) -> None:
    """Open the home; called once, when the process begins."""
    global _fresh  # noqa: PLW0603  (a worker has one, and its tasks come as calls of a function)
    # Ctrl-C reaches every process of a terminal; the server alone decides when its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _fresh = FreshSearcher(home, engine)


def ready() -> None:
    """Do what the first request would have to wait for: import what searches, count what is there."""
    assert _fresh is not None
    with suppress(KbError), _fresh.searcher() as searcher:
        overview(searcher.articles)


def worked(task: Task) -> Response:
    """Return the reply to a request; what did not change is not made again."""
    assert _fresh is not None
    started = time.perf_counter()
    try:
        with _fresh.searcher() as searcher:
            fingerprint = index_fingerprint(searcher)
            tag = entity_tag(fingerprint, f"{task.path}?{task.query}") if task.method != "POST" else None
            if tag is not None and tag in (each.strip() for each in task.known.split(",")):
                response = Response(status_code=304)
            else:
                response = task.work(searcher, *task.arguments) or problem_reply(_NO_PAGE, task.path)
    except Problem as problem:
        return problem_reply(problem, task.path)
    except KbError as error:
        return problem_reply(problem_of(error), task.path)
    response.headers["server-timing"] = f"kbfix;dur={(time.perf_counter() - started) * 1000:.1f}"
    return with_tag(response, fingerprint, tag)


def index_fingerprint(searcher: Searcher) -> str:
    """Return 16 hexadecimal digits that change with all that results depend on: articles, indexes, version of kbfix.

    Articles may change before the indexes do, so their generation is in it.
    """
    home, engine = searcher.home, searcher.engine.name
    found = [Derived(home, name).current() for name in (engine_folder(engine), FORWARD, VECTORS, SENTENCES)]
    parts = [each and (each[0].name, each[1]) for each in found]
    told = (__version__, engine, searcher.articles.uid, searcher.articles.generation, parts)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _end_with_parent() -> None:
    """End this process when the server is gone, however that came about."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
