"""The app: addresses, and which page or record each of them gives. It reads; nothing here can change a home."""

from collections.abc import Callable, Collection
from http import HTTPStatus
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from kb.search import Searcher
from kb.serve.web import api, asking, pages
from kb.serve.web.desk import Desk
from kb.serve.web.guard import Guard
from kb.serve.web.problems import Problem
from kb.serve.web.rendering import static_files
from kb.serve.web.replies import problem_reply
from kb.text.ids import article_id

_OLD_PARAMETERS = ("kbid", "scid")
_FOREVER = "public, max-age=31536000, immutable"


class _Addresses:
    """What is behind each address; every method is an endpoint."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def start(self, request: Request) -> Response:
        values = request.query_params
        if "q" not in values and any(name in values for name in _OLD_PARAMETERS):
            return self._old_address(request)
        asked = asking.of_page(values)
        if not asked.query:
            return await self._desk.reply(request, pages.home)
        return await self._desk.reply(request, pages.results, asked)

    async def form(self, request: Request) -> Response:
        asked = asking.of_page(asking.of_form(await request.body()))
        if not asked.query:
            return _see("/")
        named = article_id(asked.query) if asking.names_an_article(asked.query) else None
        if named is not None:
            return _see(f"/{quote(named, safe=':')}")
        if asked.has_address():
            return _see(asked.address())
        return await self._desk.reply(request, pages.results, asked)

    async def browse(self, request: Request) -> Response:
        return await self._desk.reply(request, pages.browse)

    async def listing(self, request: Request) -> Response:
        values = dict(request.query_params)
        return await self._desk.reply(request, pages.listing, values)

    async def about(self, request: Request) -> Response:
        return await self._desk.reply(request, pages.about)

    async def article(self, request: Request) -> Response:
        """Reply with an article under its id; lead every other spelling and old address there."""
        name, _, view = request.path_params["path"].partition("/")
        if article_id(name) != name or view not in ("", "original", "revisions"):
            return self._old_address(request)
        values = request.query_params
        if view == "original":
            return await self._desk.reply(request, pages.original, name, values.get("sha256"))
        if view == "revisions":
            return await self._desk.reply(request, pages.revisions, name)
        part = values.get("part", "1")
        number = int(part) if part.isascii() and part.isdecimal() and len(part) < 5 else 0
        return await self._desk.reply(request, pages.article, name, number)

    def _old_address(self, request: Request) -> Response:
        query = request.url.query
        found = article_id(request.scope["path"].rstrip("/") + (f"?{asking.plain(query)}" if query else ""))
        if found is None:
            raise Problem(404, "there is no page at this address", "search, or look around under Browse")
        return _see(f"/{quote(found, safe=':')}", 302)

    async def static(self, request: Request) -> Response:
        file = static_files().get(request.path_params["name"])
        if file is None:
            raise Problem(404, "there is no such file")
        return Response(file.content, headers={"cache-control": _FOREVER}, media_type=file.media_type)

    async def search(self, request: Request) -> Response:
        return await self._asked(request, api.search, asking.SEARCHED)

    async def answer(self, request: Request) -> Response:
        return await self._asked(request, api.answer_symptom, asking.ANSWERED)

    async def _asked(
        self, request: Request, reply: Callable[[Searcher, asking.Asked], Response], allowed: Collection[str]
    ) -> Response:
        if request.method == "POST":
            asking.nothing(request.query_params.multi_items())
            asked = asking.of_json(request.headers.get("content-type", ""), await request.body(), allowed)
        else:
            asked = asking.of_address(request.query_params.multi_items(), allowed)
        return await self._desk.reply(request, reply, asked)

    async def record(self, request: Request) -> Response:
        asking.nothing(request.query_params.multi_items())
        name = request.path_params["id"]
        return await self._desk.reply(request, api.article, name)

    async def related(self, request: Request) -> Response:
        limit = asking.limit_of(request.query_params.multi_items())
        name = request.path_params["id"]
        return await self._desk.reply(request, api.related_articles, name, limit)

    async def revisions(self, request: Request) -> Response:
        asking.nothing(request.query_params.multi_items())
        name = request.path_params["id"]
        return await self._desk.reply(request, api.revisions, name)

    async def stats(self, request: Request) -> Response:
        asking.nothing(request.query_params.multi_items())
        return await self._desk.reply(request, api.stats)

    async def openapi(self, request: Request) -> Response:
        asking.nothing(request.query_params.multi_items())
        return await self._desk.reply(request, api.described)

    async def no_such_api(self, _: Request) -> Response:
        raise Problem(404, "the API has no such address", "see /api/v1/openapi.json")


def make_app(desk: Desk, port: int) -> ASGIApp:
    """Return the ASGI app that hands requests to a desk, for a server that listens on `port` of this machine."""
    at = _Addresses(desk)
    app = Starlette(
        routes=[
            Route("/", at.start),
            Route("/", at.form, methods=["POST"]),
            Route("/browse", at.browse),
            Route("/browse/articles", at.listing),
            Route("/about", at.about),
            Route("/static/{name}", at.static),
            Route("/api/v1/search", at.search, methods=["GET", "POST"]),
            Route("/api/v1/answer", at.answer, methods=["GET", "POST"]),
            Route("/api/v1/articles/{id}", at.record),
            Route("/api/v1/articles/{id}/related", at.related),
            Route("/api/v1/articles/{id}/revisions", at.revisions),
            Route("/api/v1/stats", at.stats),
            Route("/api/v1/openapi.json", at.openapi),
            Route("/api/{rest:path}", at.no_such_api),
            Route("/{path:path}", at.article),
        ],
        exception_handlers={Problem: _problem, HTTPException: _http_error, Exception: _failure},
    )
    app.router.redirect_slashes = False
    return Guard(app, port)


def _see(address: str, status: int = 303) -> Response:
    return RedirectResponse(address, status, {"cache-control": "no-store"})


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem_reply(error, request.scope["path"])


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    allowed = (error.headers or {}).get("Allow")
    step = f"use one of: {allowed}" if allowed else None
    what = f"{request.method} does not go with this address" if allowed else HTTPStatus(error.status_code).phrase
    return problem_reply(Problem(error.status_code, what, step, error.headers), request.scope["path"])


async def _failure(request: Request, _: Exception) -> Response:
    # The traceback goes to stderr; a reply tells nothing of it.
    problem = Problem(500, "kbfix failed to answer this; that is a fault in it", "look at its terminal")
    return problem_reply(problem, request.scope["path"])
