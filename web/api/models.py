"""The requests and responses of /api/v1 as pydantic models; the answer is that of qa.answer.answer_to_json."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

MOST_TURNS = 100
MOST_TURN_CHARS = 20_000
MOST_DOCUMENTS = 1000
Status = Literal["answered", "not_found", "wrong_premise", "unclear"]
ValidityStatus = Literal["in_force", "repealed", "invalidated", "expired", "superseded", "not_yet", "unknown"]
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _iso_day(value: object) -> object:
    # Without this pydantic takes numbers, as seconds since 1970.
    if value is None or type(value) is date or (isinstance(value, str) and ISO_DAY.fullmatch(value)):
        return value
    raise ValueError("a day such as 2024-01-31 is wanted")


def _whole(text: str) -> str:
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("half of a surrogate pair is no text")
    return text


Day = Annotated[date | None, BeforeValidator(_iso_day)]
Text = Annotated[str, AfterValidator(_whole)]
Words = Annotated[Text, Field(max_length=MOST_TURN_CHARS)]
ProvisionKind = Literal["text", "row", "form"]
RelationKind = Literal["repeals", "invalidates", "replaces", "amends", "extends", "implements", "amended_by"]
NUMBER = "京平政发〔2023〕2号"
QUESTION = "平谷区政府常务会议多久召开一次？"


class Message(BaseModel):
    """A message of the conversation before the question."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["user", "assistant"] = Field(description="Who said it.")
    content: Words = Field(description="What was said.")


class AskRequest(BaseModel):
    """A question."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"question": QUESTION},
                {"question": "那通州呢？", "history": [{"role": "user", "content": QUESTION}]},
            ]
        },
    )

    question: Text = Field(
        description="In Chinese or English, in your own words or as a document number and an article."
    )
    history: list[Message] | list[tuple[Words, Words]] = Field(
        default=[],
        max_length=MOST_TURNS,
        description="What was said before, oldest first: messages, or pairs of question and answer.",
    )
    as_of: Day = Field(default=None, description="Answer by what held on this day; today by default.")
    documents: list[Text] = Field(
        default=[],
        max_length=MOST_DOCUMENTS,
        description="Ids of the documents that may answer; all by default.",
    )
    explain: StrictBool = Field(default=False, description="Also say why this is the answer.")


class CitedValidity(BaseModel):
    """Whether the document holds on the day asked about."""

    status: ValidityStatus = Field(description="Whether it holds.")
    by: str | None = Field(description="Number or title of what ended it.")
    since: date | None = Field(description="Since when.")


class Citation(BaseModel):
    """A quotation, checked against the stored text."""

    marker: int = Field(description="1 stands as 〔1〕 in the text.")
    document_id: str = Field(description="The document's id.")
    doc_no: str | None = Field(description="发文字号; null where the document states none.")
    title: str = Field(description="The document's title.")
    issuer: str | None = Field(description="Who issued it.")
    issued_on: date | None = Field(description="Day of issue.")
    label: str = Field(
        description="The provision as one cites it, such as 第四十一条; empty for unnumbered text."
    )
    path: list[str] = Field(description="The headings above it, the outermost first.")
    quote: str = Field(description="The document's words; mobile numbers masked.")
    source: str = Field(description="The file that holds it.")
    page: int | None = Field(description="Page of that file, where it has pages.")
    scanned: bool = Field(description="Whether the text was read from a scan.")
    start: int = Field(description="Where the quotation begins in the document's text, in characters.")
    end: int = Field(description="Where it ends.")
    validity: CitedValidity = Field(description="Whether the document holds.")
    provision_id: str = Field(description="The provision's id, for /api/v1/provisions/{provision_id}.")
    highlights: list[tuple[int, int]] = Field(description="The answering words: offsets into the quotation.")


class ComparedSide(BaseModel):
    """One side of a comparison."""

    name: str = Field(description="A district, a version, a case.")
    text: str = Field(description="What is said of it.")
    marker: int | None = Field(description="Its citation; null: nothing was found of it.")


class AnswerBody(BaseModel):
    """An answer with its citations."""

    id: str = Field(description="Empty here; the name of a question in a batch.")
    question: str = Field(description="As it was asked.")
    status: Status = Field(
        description="answered; not_found: nothing supports an answer; wrong_premise: the documents contradict the "
        "question; unclear: it is too open, see the text."
    )
    text: str = Field(description="The answer; its statements end in markers such as 〔1〕.")
    citations: list[Citation] = Field(description="What the statements rest on.")
    comparison: list[ComparedSide] = Field(description="The sides of a comparison as rows of a table.")
    notes: list[str] = Field(
        description="How a follow-up was understood, other versions, nearest provisions."
    )
    answerer: str = Field(description="extractive: quoted; otherwise what worded it.")
    latency_ms: float = Field(description="Milliseconds from question to answer.")


class AskResponse(AnswerBody):
    """An answer, and why it is the answer where that was asked for."""

    explanation: dict[str, Any] | None = Field(
        default=None,
        description="Where explain was true: the query, hits and sentences with their scores, the judgement.",
    )


class ValidityBody(BaseModel):
    """Whether a document holds on a day, by what and since when."""

    document_id: str = Field(description="The document's id.")
    doc_no: str | None = Field(description="发文字号; null where the document states none.")
    title: str = Field(description="The document's title.")
    as_of: date = Field(description="The day.")
    status: ValidityStatus = Field(description="Whether it holds.")
    by: str | None = Field(description="Number or title of what ended it.")
    by_id: str | None = Field(description="The id of that document, where it is here.")
    since: date | None = Field(description="Since when.")
    provision_id: str | None = Field(description="The provision that says so.")


class DocumentSummary(BaseModel):
    """A document without its text."""

    document_id: str = Field(description="The document's id.")
    doc_no: str | None = Field(description="发文字号; null where the document states none.")
    title: str = Field(description="The document's title.")
    notice_title: str = Field(description="The covering notice (关于印发…的通知), empty where there is none.")
    issuer: str | None = Field(description="Who issued it.")
    issued_on: date | None = Field(description="Day of issue.")
    effective_on: date | None = Field(description="Day from which it holds.")
    expires_on: date | None = Field(description="The first day after its term.")
    kind: str = Field(description="规则, 办法, 通知, …")
    source: str = Field(description="The file that holds it.")
    scanned: bool = Field(description="Whether the text was read from a scan.")
    provisions: int = Field(description="How many provisions it has.")
    validity: CitedValidity = Field(description="Whether the document holds.")


class DocumentList(BaseModel):
    """A part of the documents."""

    total: int = Field(description="How many fit.")
    offset: int = Field(description="How many were passed over.")
    documents: list[DocumentSummary] = Field(description="The next of them.")


class ProvisionBody(BaseModel):
    """The smallest numbered unit that one cites."""

    provision_id: str = Field(description="Its id: document id, #, label.")
    document_id: str = Field(description="The document's id.")
    label: str = Field(
        description="The provision as one cites it, such as 第四十一条; empty for unnumbered text."
    )
    path: list[str] = Field(description="The headings above it, the outermost first.")
    heading: str = Field(description="Its own heading, empty where it has none.")
    text: str = Field(description="Its words; mobile numbers masked.")
    start: int = Field(description="Where it begins in the document's text, in characters.")
    end: int = Field(description="Where it ends.")
    parent: str | None = Field(description="The id of the provision that this is an item of.")
    is_heading: bool = Field(description="Whether it only heads others.")
    kind: ProvisionKind = Field(description="text, row of a table, or blank form.")
    page: int | None = Field(description="Page of that file, where it has pages.")


class ProvisionWithDocument(ProvisionBody):
    """A provision and the document that it stands in."""

    document: DocumentSummary = Field(description="The document.")


class RelationBody(BaseModel):
    """What a document does to another one, or what is done to it."""

    kind: RelationKind = Field(description="What the one does to the other.")
    document_id: str = Field(description="The document that says so.")
    provision_id: str = Field(description="The provision that says so.")
    target_no: str | None = Field(description="Number of the other document.")
    target_title: str | None = Field(description="Title of the other document.")
    target_id: str | None = Field(description="The id of that document, where it is here.")
    target_label: str = Field(description="The part that is meant, empty for the whole.")
    since: date | None = Field(description="Since when.")
    until: date | None = Field(description="Of an extension: the first day on which it no longer holds.")
    quote: str = Field(description="The words that say so.")


class DocumentBody(BaseModel):
    """A whole document."""

    document: DocumentSummary = Field(description="What is known of it.")
    relations: list[RelationBody] = Field(description="What it does to others.")
    related: list[RelationBody] = Field(description="What others do to it.")
    text: str = Field(description="Its cleaned text, to which all offsets refer; mobile numbers masked.")
    provisions: list[ProvisionBody] = Field(description="Its provisions in the order of the text.")


class HitBody(BaseModel):
    """A passage that was found."""

    rank: int = Field(description="From 1.")
    score: float = Field(description="From 0 to 1.")
    parts: dict[str, float] = Field(description="What each retriever gave.")
    document_id: str = Field(description="The document's id.")
    doc_no: str | None = Field(description="发文字号; null where the document states none.")
    title: str = Field(description="The document's title.")
    issuer: str | None = Field(description="Who issued it.")
    issued_on: date | None = Field(description="Day of issue.")
    provision_id: str = Field(description="The provision's id, for /api/v1/provisions/{provision_id}.")
    label: str = Field(
        description="The provision as one cites it, such as 第四十一条; empty for unnumbered text."
    )
    text: str = Field(description="Its words; mobile numbers masked.")
    start: int = Field(description="Where it begins in the document's text, in characters.")
    end: int = Field(description="Where it ends.")
    validity: CitedValidity = Field(description="Whether the document holds.")


class SearchResponse(BaseModel):
    """What was found, the best first."""

    question: str = Field(description="As it was asked.")
    hits: list[HitBody] = Field(description="The passages.")


class Health(BaseModel):
    """Whether questions are answered, and from what."""

    status: Literal["ready"] = Field(description="ready: a search was just made.")
    version: str = Field(description="Of the program.")
    index_build: str = Field(description="The build of the index that answers.")
    documents: int = Field(description="Documents that are asked.")
    chunks: int = Field(description="Chunks that are searched.")


class ErrorDetail(BaseModel):
    """One thing that is wrong with a request."""

    where: str = Field(description="The part of the request.")
    message: str = Field(description="What is wrong with it.")


class ErrorWords(BaseModel):
    """What went wrong."""

    code: str = Field(description="For programs: bad_request, not_found, invalid, busy, …")
    message: str = Field(description="For people.")
    details: list[ErrorDetail] = Field(default=[], description="Everything that is wrong with a request.")


class ErrorBody(BaseModel):
    """The form of every error."""

    error: ErrorWords = Field(description="What went wrong.")
