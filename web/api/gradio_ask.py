"""/ask for gradio_client: Client(url).predict("…", api_name="/ask") gives the answer's JSON."""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.events import api

from qa.answer import answer_to_json
from web.api.answering import Answering
from web.api.errors import ApiError


def add_ask(page: gr.Blocks, answering: Answering) -> None:
    """Give the page the endpoint; it has no component of its own."""

    async def ask(question: str, history: list | None = None) -> dict:  # type: ignore[type-arg]  # Gradio reads these
        """Ask a question. `history`: messages with role and content, or pairs of question and answer."""
        try:
            answer: dict[str, Any] = answer_to_json(
                await answering.ask(question or "", history=history or [])
            )
        except ApiError as error:
            raise gr.Error(error.message, print_exception=False) from error
        return answer

    with page:
        api(ask, api_name="ask")
