"""The OpenAPI schema of all routes, and a page that shows it: no script, nothing of another host."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse

from config import WebConfig
from web.api.api_texts import ABOUT, API_TEXTS, TAGS
from web.api.chinese import CHINESE
from web.api.models import ErrorBody
from web.api.system import version
from web.rooms.views import language_of, page

SCHEMA_PATH, PAGE_PATH = "/api/v1/openapi.json", "/api/v1/docs"
ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}}
OPENAI_ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/OpenAIError"}}}
ERRORS = {
    "400": "The request cannot be read, such as a body that is no JSON.",
    "401": "A key or a log-in is needed, or the one given does not hold.",
    "403": "This is not allowed for you.",
    "413": "The request is too large.",
    "422": "The request is wrong; the message says where.",
    "429": "Too many requests; Retry-After says when to come again.",
}
UNREADABLE = {"text/plain": {"schema": {"type": "string"}}}  # of what is no HTTP, before it comes to a route
METHODS = ("get", "post")


def router_of(app: FastAPI, web: WebConfig) -> APIRouter:
    """Return the routes of the schema and of the page, neither in the schema."""
    router = APIRouter(include_in_schema=False)
    schema = schema_of(app, web)

    @router.get(SCHEMA_PATH)
    def openapi() -> JSONResponse:
        return JSONResponse(schema)

    @router.get(PAGE_PATH)
    def documentation(request: Request) -> HTMLResponse:
        language = language_of(request, default=web.language)
        shown = translated(schema, CHINESE) if language == "zh" else schema
        return page(
            request, "api.html", current="api", language=language, words=API_TEXTS[language], schema=shown,
            operations=list(operations_of(shown)), schema_path=SCHEMA_PATH, type_words=type_words,
        )  # fmt: skip

    return router


def schema_of(app: FastAPI, web: WebConfig) -> dict[str, Any]:
    """Return the schema: summaries from the first lines of docstrings, the errors that every route may give, the key."""
    schema = get_openapi(
        title="Gongwen QA", version=version(), description=ABOUT, routes=app.routes,
        tags=[{"name": name, "description": words} for name, words in TAGS.items()],
    )  # fmt: skip
    schemas = schema["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas.setdefault("ErrorBody", ErrorBody.model_json_schema(ref_template="#/components/schemas/{model}"))
    schemas["AskRequest"]["properties"]["question"] |= {"minLength": 1, "maxLength": web.max_question_chars}
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            _finish(operation, path)
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "question":
                    parameter["schema"] |= {"minLength": 1, "maxLength": web.max_question_chars}
    schema["components"]["securitySchemes"] = {
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": "Where the server has access control: your key.",
        }
    }
    schema["security"] = [{}, {"key": []}]
    return schema


def _finish(operation: dict[str, Any], path: str) -> None:
    head, _, rest = operation.pop("description", "").partition("\n")
    operation["summary"] = head
    if rest.strip():
        operation["description"] = " ".join(rest.split())
    speaks_openai = path.startswith("/v1/")
    responses = operation["responses"]
    takes = "requestBody" in operation or "parameters" in operation
    if speaks_openai:
        responses.pop("422", None)
    for status, words in ERRORS.items():
        if (status == "413" and "requestBody" not in operation) or (status == "422" and not takes):
            continue
        if not (speaks_openai and status == "422"):
            content = OPENAI_ERROR if speaks_openai else ERROR
            responses[status] = {
                "description": words,
                "content": content | (UNREADABLE if status == "400" else {}),
            }
    operation["responses"] = dict(sorted(responses.items()))


def operations_of(schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what the page shows of each operation."""
    for path, operations in schema["paths"].items():
        for method in METHODS:
            if operation := operations.get(method):
                yield {
                    "name": operation["operationId"], "method": method.upper(), "path": path, "tag": operation["tags"][0],
                    "summary": operation["summary"], "description": operation.get("description", ""),
                    "parameters": [_parameter(parameter) for parameter in operation.get("parameters", ())],
                    "body": _body(schema, operation), "example": _example(schema, operation),
                    "responses": [_response(schema, status, told) for status, told in operation["responses"].items()],
                }  # fmt: skip


def _parameter(parameter: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": parameter["name"], "required": parameter.get("required", False),
        "type": type_words(parameter["schema"]), "description": parameter.get("description", ""),
    }  # fmt: skip


def _body(schema: Mapping[str, Any], operation: Mapping[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    return next((type_words(told["schema"]) for told in content.values()), "")


def _example(schema: Mapping[str, Any], operation: Mapping[str, Any]) -> str:
    name = _body(schema, operation)
    examples = schema["components"]["schemas"].get(name, {}).get("examples", ())
    return json.dumps(examples[-1], ensure_ascii=False, indent=1) if examples else ""


def _response(schema: Mapping[str, Any], status: str, told: Mapping[str, Any]) -> dict[str, str]:
    content = told.get("content", {})
    kinds = [
        type_words(part["schema"]) if "json" in kind and "schema" in part else kind
        for kind, part in content.items()
    ]
    return {"status": status, "description": told["description"], "type": " / ".join(kinds)}


def type_words(schema: Mapping[str, Any]) -> str:
    """Return a type in a few words: AskRequest, list of string, date or null."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(type_words(part) for part in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        items = schema.get("items") or {}
        return (
            f"[{type_words(items)}]"
            if items
            else "[" + ", ".join(map(type_words, schema.get("prefixItems", ()))) + "]"
        )
    return str(schema.get("format") or schema.get("type", "any"))


def translated(schema: Any, words: Mapping[str, str]) -> Any:
    """Return the schema with every summary and description that `words` knows in the other language."""
    if isinstance(schema, Mapping):
        return {
            key: words.get(value, value)
            if key in ("description", "summary") and isinstance(value, str)
            else translated(value, words)
            for key, value in schema.items()
        }
    return [translated(item, words) for item in schema] if isinstance(schema, list) else schema
