"""The requests and responses of OpenAI's chat protocol, as far as this server has a use for them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from web.api.models import QUESTION, Citation, Status, Words

MODEL = "gongwen-qa"
MOST_MESSAGES = 400
MOST_PARTS = 100


class TextPart(BaseModel):
    """A part of a message; only text is read."""

    model_config = ConfigDict(extra="allow")

    type: Literal["text"] = Field(description="Only text is read.")
    text: Words = Field(description="What was said.")


class ChatMessage(BaseModel):
    """A message; the last one of a user is the question."""

    model_config = ConfigDict(extra="allow")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"] = Field(
        description="Who said it."
    )
    content: Words | Annotated[list[TextPart], Field(max_length=MOST_PARTS)] | None = Field(
        default=None, description="What was said: text, or a list of parts of text."
    )

    @property
    def text(self) -> str:
        """What was said, its parts as lines."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream holds besides."""

    model_config = ConfigDict(extra="allow")

    include_usage: StrictBool | None = Field(
        default=None, description="Whether a last chunk tells the usage."
    )


class ChatRequest(BaseModel):
    """A chat; parameters that mean nothing here, such as temperature, are ignored."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [{"model": MODEL, "messages": [{"role": "user", "content": QUESTION}]}]
        },
    )

    model: str = Field(description=f"The model: {MODEL}.", json_schema_extra={"enum": [MODEL]})
    messages: list[ChatMessage] = Field(
        min_length=1, max_length=MOST_MESSAGES, description="The conversation; it ends in a user's question."
    )
    stream: StrictBool | None = Field(default=None, description="Whether the answer comes in chunks.")
    stream_options: StreamOptions | None = Field(default=None, description="Of a stream.")


class Usage(BaseModel):
    """Counted in characters: no language model needs to be there."""

    prompt_tokens: int = Field(description="Characters of the messages.")
    completion_tokens: int = Field(description="Characters of the answer.")
    total_tokens: int = Field(description="Both together.")


class AnswerMessage(BaseModel):
    """The answer; citations and status are additions to OpenAI's form."""

    role: Literal["assistant"] = Field(description="Who said it.")
    content: str = Field(description="The answer, then its citations in their proper form, then notes.")
    refusal: None = Field(default=None, description="Always null; see status.")
    citations: list[Citation] = Field(description="What the statements rest on.")
    status: Status = Field(description="As in /api/v1/ask.")


class Choice(BaseModel):
    """The one answer."""

    index: int = Field(description="Always 0.")
    message: AnswerMessage = Field(description="The answer.")
    logprobs: None = Field(default=None, description="Always null.")
    finish_reason: Literal["stop"] = Field(description="Always stop.")


class ChatCompletion(BaseModel):
    """A whole answer in OpenAI's form."""

    id: str = Field(description="Of this answer.")
    object: Literal["chat.completion"] = Field(description="What this is.")
    created: int = Field(description="When, in seconds since 1970.")
    model: str = Field(description=f"The model: {MODEL}.")
    choices: list[Choice] = Field(description="The one answer.")
    usage: Usage = Field(description="Counted in characters: no language model needs to be there.")


class ModelBody(BaseModel):
    """A model that can be named in a request."""

    id: str = Field(description=f"The model: {MODEL}.")
    object: Literal["model"] = Field(description="What this is.")
    created: int = Field(description="When, in seconds since 1970.")
    owned_by: str = Field(description="Whose it is.")


class ModelList(BaseModel):
    """The models that can be named in a request."""

    object: Literal["list"] = Field(description="What this is.")
    data: list[ModelBody] = Field(description="The models.")


class OpenAIErrorWords(BaseModel):
    """What went wrong, in OpenAI's words."""

    message: str = Field(description="For people.")
    type: str = Field(description="invalid_request_error, server_error, …")
    param: str | None = Field(description="The part of the request.")
    code: str = Field(description="For programs: bad_request, not_found, invalid, busy, …")


class OpenAIError(BaseModel):
    """OpenAI's form of an error."""

    error: OpenAIErrorWords = Field(description="What went wrong.")


def chunk(
    name: str, created: int, delta: dict[str, Any], *, finish: str | None = None, usage: bool = False
) -> dict[str, Any]:
    """Return a piece of a streamed answer; with `usage`, whose figures come last, it says so with a null."""
    body: dict[str, Any] = {
        "id": name, "object": "chat.completion.chunk", "created": created, "model": MODEL,
        "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}],
    }  # fmt: skip
    return body | {"usage": None} if usage else body
