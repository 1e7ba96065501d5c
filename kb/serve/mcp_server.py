"""The MCP server: tools and resources for agents, over the process's own pipes. The one door to the MCP SDK."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp_types import Annotations, CallToolResult, InputRequiredResult, TextContent, ToolAnnotations
from pydantic import Field, ValidationError

from kb import __version__
from kb.errors import KbError
from kb.search import Searcher, SearchFilters
from kb.serve.agents.budget import Reply
from kb.serve.agents.records import AnswerRecord, ArticleRecord, RelatedRecord, SearchRecord
from kb.serve.agents.replies import (
    LEAST_TOKENS,
    MOST_TOKENS,
    answer_reply,
    article_reply,
    related_reply,
    resource_text,
    search_reply,
)
from kb.serve.agents.words import error_text, instructions
from kb.serve.fresh_searcher import FreshSearcher

_READ_ONLY: Final = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_RESOURCE: Final = "kb://{id}"

Query = Annotated[str, Field(description="What the user sees, in their words, or a pasted error message or log.")]
Product = Annotated[str | None, Field(description="Only what applies to this product, e.g. 'exchange server'.")]
Version = Annotated[str | None, Field(description="Only what applies to this version, e.g. '5.5' or 'sp3'.")]
Since = Annotated[str | None, Field(description="Only articles of then or later: YYYY, YYYY-MM or YYYY-MM-DD.")]
Until = Annotated[str | None, Field(description="Only articles of then or earlier.")]
Kind = Annotated[
    str | None,
    Field(description="Only one kind: bug, fix, problem, howto, information, documentation, error_message."),
]
Collection = Annotated[str | None, Field(description="Only articles of this collection.")]
Limit = Annotated[int, Field(description="How many at most.")]
Id = Annotated[str, Field(description="Q164175, KB164175, 164175, or a support address with the id in it.")]
Section = Annotated[
    str | None,
    Field(description="fix, symptoms, cause, resolution, more_information, or any heading; all of them unless given."),
]
Start = Annotated[int, Field(description="The character of the section to go on from.")]
MaxTokens = Annotated[
    int, Field(description=f"The whole reply takes no more tokens than this, {LEAST_TOKENS} to {MOST_TOKENS}.")
]


def serve(home: Path, engine: str | None) -> None:
    """Serve a home over stdin and stdout until stdin is closed; KbError where it cannot be opened."""
    opened = FreshSearcher(home, engine)
    try:
        with opened.searcher() as searcher:
            told = instructions(searcher)
        make_server(opened, told).run("stdio")
    except* BrokenPipeError:
        pass  # Nobody reads any more: there is nothing left to do, nor to say.
    finally:
        opened.close()


def make_server(opened: FreshSearcher, told: str) -> MCPServer[None]:
    """Return the server of an opened home, with all tools and resources; `told` is what it says of itself."""
    server = _Server(name="kbfix", title="kbfix", instructions=told, version=__version__, log_level="WARNING")

    @server.tool(annotations=_READ_ONLY, title="Search fixes")
    def search_fixes(
        query: Query,
        product: Product = None,
        version: Version = None,
        since: Since = None,
        until: Until = None,
        kind: Kind = None,
        collection: Collection = None,
        limit: Limit = 5,
        max_tokens: MaxTokens = 1500,
    ) -> Annotated[CallToolResult, SearchRecord]:
        """Find the support articles that fit a symptom, best first, each with its fix and the chance that it is right.

        The fixes of the first two are told as far as max_tokens allows, the others in brief. Expressions work too:
        "a phrase", AND, OR, NOT, title:word, error:0x7B, date:1998..1999.
        """
        filters = SearchFilters(product, version, since, until, kind, collection)
        return _told(opened, lambda searcher: search_reply(searcher, query, filters, limit, max_tokens))

    @server.tool(annotations=_READ_ONLY, title="Get answer")
    def get_answer(
        query: Query,
        product: Product = None,
        version: Version = None,
        since: Since = None,
        until: Until = None,
        kind: Kind = None,
        collection: Collection = None,
        max_tokens: MaxTokens = 2000,
    ) -> Annotated[CallToolResult, AnswerRecord]:
        """Give the fix for a symptom with its cause and source, and the chance that it is right.

        Every word of it stands in the article named. Status none says that nothing in this knowledge base fits.
        """
        filters = SearchFilters(product, version, since, until, kind, collection)
        return _told(opened, lambda searcher: answer_reply(searcher, query, filters, max_tokens))

    @server.tool(annotations=_READ_ONLY, title="Read article")
    def read_article(
        id: Id,  # noqa: A002  (what an agent calls it)
        section: Section = None,
        start: Start = 0,
        max_tokens: MaxTokens = 3000,
    ) -> Annotated[CallToolResult, ArticleRecord]:
        """Read an article, or one section of it."""
        return _told(opened, lambda searcher: article_reply(searcher, id, section, start, max_tokens))

    @server.tool(annotations=_READ_ONLY, title="Related articles")
    def related_articles(
        id: Id,  # noqa: A002  (what an agent calls it)
        limit: Limit = 10,
        max_tokens: MaxTokens = 1500,
    ) -> Annotated[CallToolResult, RelatedRecord]:
        """List what an article refers to, what refers to it, its twins for other versions, and articles like it."""
        return _told(opened, lambda searcher: related_reply(searcher, id, limit, max_tokens))

    @server.resource(
        _RESOURCE, name="article", title="Article", mime_type="text/plain", annotations=Annotations(audience=["user"])
    )
    def article(id: str) -> str:  # noqa: A002  (named in the address)
        """Give an article as text, quoted, cut where it is very long: kb://Q164175."""
        try:
            with opened.searcher() as searcher:
                return resource_text(searcher, id)
        except KbError as error:
            raise ResourceNotFoundError(error_text(error)) from error

    return server


class _Server(MCPServer[None]):
    """The SDK's server, with wrong arguments told in words that say what to do."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[None, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool; what it cannot be called with is an error that names its parameters."""
        tools = {tool.name: tool for tool in await self.list_tools()}
        if name not in tools:
            return _failed(f"There is no tool {name[:80]!r}. Next: call one of {', '.join(tools)}.")
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            if not isinstance(error.__cause__, ValidationError):
                raise
            wrong = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.__cause__.errors()]
            taken = ", ".join(tools[name].input_schema["properties"])
            return _failed(f"{name} was called wrongly: {'; '.join(wrong)[:400]}. Next: it takes {taken}.")


def _told(opened: FreshSearcher, reply: Callable[[Searcher], Reply]) -> CallToolResult:
    """Return a reply, or an error as a result that says what to do next: the agent reads it, and goes on."""
    try:
        with opened.searcher() as searcher:
            made = reply(searcher)
    except KbError as error:
        return _failed(error_text(error))
    return CallToolResult(content=[TextContent(type="text", text=made.text)], structured_content=dict(made.record))


def _failed(words: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=words)], is_error=True)
