"""The assistant as tools of the Model Context Protocol: a language model asks, searches, reads, checks."""

from __future__ import annotations

from typing import Annotated

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from pydantic import Field
from starlette.applications import Starlette

from config import WebConfig
from index.filters import Filter
from ingest.headers import normalise_doc_no
from qa.answer import answer_to_json
from web.access import addresses
from web.access.addresses import LOOPBACK
from web.api.answering import Answering
from web.api.contents import Contents
from web.api.errors import ApiError
from web.api.models import (
    MOST_TURNS,
    AnswerBody,
    Day,
    DocumentList,
    Message,
    ProvisionWithDocument,
    SearchResponse,
    ValidityBody,
    ValidityStatus,
)
from web.api.routes import MOST_HITS, MOST_LISTED
from web.api.system import version

INSTRUCTIONS = (
    "Answers questions about the Chinese government documents (公文) of one corpus, each statement a verified quotation "
    "with document number and article. Use `ask` for questions in words, in Chinese where you can. Pass on the citations, "
    "and whether the cited document still holds (validity). The status not_found means that no document supports an "
    "answer: say so, and do not answer from memory."
)
READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
Names = Annotated[list[str], Field(max_length=MOST_HITS)]


def build_tools(answering: Answering, contents: Contents) -> MCPServer:
    """Return the MCP server; it keeps nothing of a session."""
    server = MCPServer(
        "gongwen-qa", title="公文问答", instructions=INSTRUCTIONS, version=version(), log_level="WARNING"
    )  # fmt: skip
    _add_asking(server, answering, contents)
    _add_reading(server, contents)
    return server


def tools_app(server: MCPServer, web: WebConfig) -> Starlette:
    """Return the server as an application that answers at /mcp.

    On the loopback address only requests to its own names are answered: a page of another site that lets its own name
    point to 127.0.0.1 is not. Elsewhere access control decides.
    """
    names = [f"[{name}]" if ":" in name else name for name in LOOPBACK]
    hosts = [f"{name}:*" for name in names] + names
    hosts += addresses.names(web.public_host)
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=web.host in LOOPBACK,
        allowed_hosts=hosts,
        allowed_origins=[f"{scheme}://{host}" for scheme in ("http", "https") for host in hosts],
    )
    return server.streamable_http_app(
        streamable_http_path="/mcp", json_response=True, stateless_http=True, transport_security=security
    )


def _add_asking(server: MCPServer, answering: Answering, contents: Contents) -> None:
    @server.tool(title="提问", annotations=READS)
    async def ask(
        question: Annotated[str, Field(description="The question, in Chinese or English.")],
        history: Annotated[
            list[Message],
            Field(max_length=MOST_TURNS, description="The conversation before it, oldest first."),
        ] = [],  # noqa: B006
        as_of: Annotated[Day, Field(description="Answer by what held on this day; today by default.")] = None,
        documents: Annotated[
            Names, Field(description="Ids of the documents that may answer; all by default.")
        ] = [],  # noqa: B006
    ) -> AnswerBody:
        """Ask a question about the documents and get a short answer made of verified quotations.

        Its text ends statements in markers such as 〔1〕; `citations` gives number, title, article, quotation and
        validity of each. Status: answered, not_found, wrong_premise (the documents contradict the question), unclear.
        """
        try:
            answer = await answering.ask(
                question, history=[turn.model_dump() for turn in history], as_of=as_of, documents=documents
            )
        except ApiError as error:
            raise ToolError(error.message) from error
        return AnswerBody.model_validate(answer_to_json(answer))

    @server.tool(title="检索条文", annotations=READS)
    async def search_provisions(
        question: Annotated[str, Field(description="What to look for: words or a question.")],
        k: Annotated[int, Field(ge=1, le=MOST_HITS, description="How many passages.")] = 10,
        issuers: Annotated[Names, Field(description="Issuers, such as 北京市平谷区人民政府.")] = [],  # noqa: B006
        districts: Annotated[Names, Field(description="Districts of the issuers, such as 平谷.")] = [],  # noqa: B006
        years: Annotated[list[int], Field(max_length=MOST_HITS, description="Years of issue.")] = [],  # noqa: B006
        kinds: Annotated[Names, Field(description="Kinds: 规则, 办法, 通知, ….")] = [],  # noqa: B006
        in_force_on: Annotated[Day, Field(description="Only what was in force on this day.")] = None,
        documents: Annotated[Names, Field(description="Ids of documents.")] = [],  # noqa: B006
    ) -> SearchResponse:
        """Search the provisions without making an answer: the passages nearest to the question, best first."""
        wanted = Filter(
            tuple(documents), tuple(issuers), tuple(districts), tuple(years), tuple(kinds), in_force_on
        )
        try:
            hits = await answering.search(question, k, wanted)
            return SearchResponse(question=question, hits=contents.hits(hits, in_force_on))
        except ApiError as error:
            raise ToolError(error.message) from error


def _add_reading(server: MCPServer, contents: Contents) -> None:
    @server.tool(title="读取条文", annotations=READS)
    def get_provision(
        provision_id: Annotated[
            str,
            Field(
                description="Document id, #, label: 京平政发〔2023〕2号#第四十一条, as citations and hits give it."
            ),
        ],
        as_of: Annotated[
            Day, Field(description="The day that validity is told of; today by default.")
        ] = None,
    ) -> ProvisionWithDocument:
        """Read one provision in full, with what is known of its document."""
        document, sign, label = provision_id.partition("#")
        try:
            return contents.provision(f"{_id_of(contents, document)}{sign}{label}", as_of)
        except ApiError as error:
            raise ToolError(error.message) from error

    @server.tool(title="列出文件", annotations=READS)
    def list_documents(
        words: Annotated[
            str, Field(description="Words of number, title or issuer; all documents without them.")
        ] = "",
        status: Annotated[ValidityStatus | None, Field(description="Only those of this validity.")] = None,
        offset: Annotated[int, Field(ge=0, le=1_000_000, description="How many to pass over.")] = 0,
        limit: Annotated[int, Field(ge=1, le=MOST_LISTED, description="How many at most.")] = 50,
    ) -> DocumentList:
        """List the documents: number, title, issuer, dates, and whether each still holds."""
        return contents.documents(Filter(), words=words, status=status or "", offset=offset, limit=limit)

    @server.tool(title="查询效力", annotations=READS)
    def check_validity(
        document: Annotated[str, Field(description="The document's number or id: 京平政发〔2023〕2号.")],
        as_of: Annotated[Day, Field(description="The day; today by default.")] = None,
    ) -> ValidityBody:
        """Check whether a document holds on a day: in force, repealed, declared invalid, expired, superseded; by what."""
        try:
            return contents.validity(_id_of(contents, document), as_of)
        except ApiError as error:
            raise ToolError(error.message) from error


def _id_of(contents: Contents, name: str) -> str:
    """Return the id that a model means: its number may be spelt with other brackets."""
    held = {document.document_id for document in contents.assistant.documents}
    return name if name in held else normalise_doc_no(name) or name
