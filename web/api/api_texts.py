"""The words around the schema: what the interfaces are, and the page that shows them, in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass

ABOUT = (
    "Questions about Chinese government documents (公文), answered with verified quotations. Everything is JSON in UTF-8; "
    'an error is {"error": {"code", "message", "details"}}, below /v1/ in OpenAI\'s form. Where the server has access '
    "control, send a key as `Authorization: Bearer KEY`."
)
TAGS = {
    "ask": "A question in, an answer with citations out.",
    "read": "The documents and their provisions.",
    "openai": "The same answers for clients of OpenAI's chat protocol.",
    "watch": "For those who watch the server.",
}


@dataclass(frozen=True)
class ApiTexts:
    """The page's own words in one language."""

    title: str
    schema: str
    contents: str
    tags: dict[str, str]
    parameters: str
    name: str
    kind: str
    meaning: str
    required: str
    body: str
    example: str
    responses: str
    models: str
    others: str
    more: str


API_TEXTS = {
    "zh": ApiTexts(
        title="接口说明",
        schema="OpenAPI 文件",
        contents="目录",
        tags={"ask": "提问", "read": "查阅", "openai": "OpenAI 兼容接口", "watch": "运行状况"},
        parameters="参数",
        name="名称",
        kind="类型",
        meaning="含义",
        required="必填",
        body="请求正文（JSON）：",
        example="示例",
        responses="响应",
        models="数据结构",
        others="此外，设置 web.mcp 启用后，语言模型可经 /mcp 调用（Model Context Protocol）；gradio_client 可调用 /ask。",
        more="用程序提问的完整示例在安装目录的 examples 文件夹中。",
    ),
    "en": ApiTexts(
        title="Interfaces",
        schema="OpenAPI file",
        contents="Contents",
        tags={"ask": "Ask", "read": "Read", "openai": "As OpenAI", "watch": "Watch"},
        parameters="Parameters",
        name="Name",
        kind="Type",
        meaning="Meaning",
        required="required",
        body="Body (JSON):",
        example="Example",
        responses="Responses",
        models="Structures",
        others="Besides, with web.mcp a language model calls the tools at /mcp (Model Context Protocol); gradio_client calls /ask.",
        more="Whole programs that ask stand in the folder examples of the installation.",
    ),
}
