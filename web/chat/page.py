"""An assistant and a language in, the chat page (Gradio Blocks) out; what stands around it is made by frame.py.

It holds nothing of any visitor: each event says which conversation it is about, and reads that from the database.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import closing
from html import escape
from typing import Any

import gradio as gr
from sqlalchemy.exc import SQLAlchemyError

from ingest.document import Document
from web.access.people import person_of
from web.chat.asking import Archive, answered_turns, question_refusal
from web.chat.chat_texts import CHAT_TEXTS
from web.chat.conversation import Turn, chips_html, conversation_html, evidence_html
from web.chat.examples import example_questions
from web.chat.follow_ups import follow_ups
from web.chat.frame import welcome_words
from web.records.conversations import Conversations, NoConversation
from web.records.feedback import FeedbackBook
from web.services import Services
from web.texts import TEXTS, Texts

log = logging.getLogger(__name__)

SHOWN_TURNS = 30  # older ones are kept, and in what is exported
AT_ONCE = 8  # questions answered at the same time

Updates = dict[Any, Any]  # component -> its new value, as Gradio takes them


def build_page(services: Services, language: str) -> gr.Blocks:
    """Return the page in one language."""
    return Page(services, language).blocks


class Page:
    """The components of the page and what each of them does."""

    def __init__(self, services: Services, language: str) -> None:
        self.assistant, self.mask = services.assistant, services.mask
        self.web = services.config.web
        self.texts, self.language = TEXTS[language], language
        self.words = CHAT_TEXTS[self.texts.language]
        self.archive = Archive(Conversations(services.database), FeedbackBook(services.database))
        with gr.Blocks(title=self.texts.title, analytics_enabled=False, fill_width=True) as self.blocks:
            # What chat.js says of an event: the conversation, the number of the turn to replace, the question.
            self.place = gr.Textbox(visible=False)
            with gr.Row(elem_id="main"):
                with gr.Column(elem_id="chat", scale=3, min_width=0):
                    self._conversation(self.texts)
                    self._composer(self.texts)
                with gr.Column(elem_id="side", scale=2, min_width=0):
                    self.evidence = gr.HTML(self._evidence([]), elem_id="evidence", **BARE)
            self._events()
        self.blocks.queue(api_open=False, default_concurrency_limit=AT_ONCE)

    # -- what stands where ----------------------------------------------------------------------------------

    def _conversation(self, texts: Texts) -> None:
        with gr.Column(elem_id="conversation-scroll"):
            # The log element outlives re-rendering, so a screen reader hears only what is added to it.
            self.conversation = gr.HTML(
                "",
                elem_id="conversation",
                html_template=f'<div role="log" aria-live="polite" aria-label="{escape(texts.log)}">${{value}}</div>',
                apply_default_css=False,
                js_on_load="gongwen.mounted(element, trigger)",
            )
            self.welcome = gr.HTML(self._welcome(), elem_id="welcome", **BARE)

    def _composer(self, texts: Texts) -> None:
        with gr.Column(elem_id="composer"):
            self.message = gr.HTML(
                "", elem_id="message", html_template='<div role="alert">${value}</div>', **BARE
            )
            with gr.Row(elem_id="composer-row"):
                self.question = gr.Textbox(
                    placeholder=texts.placeholder, label=texts.question_label, show_label=False, lines=1,
                    max_lines=6, container=False, autofocus=True, elem_id="question", scale=1, min_width=0,
                )  # fmt: skip
                self.send_button = gr.Button(
                    texts.send, variant="primary", elem_id="send", scale=0, min_width=0
                )
                self.stop_button = gr.Button(
                    texts.stop, variant="stop", elem_id="stop", scale=0, min_width=0, visible=False
                )
            gr.HTML(f"<p>{escape(texts.hint)}</p>", elem_id="hint", **BARE)

    # -- what happens when ----------------------------------------------------------------------------------

    def _events(self) -> None:
        outputs = [
            self.conversation, self.evidence, self.question, self.send_button, self.stop_button, self.message,
        ]  # fmt: skip
        inputs = [self.question, self.place]
        asked: list[Any] = [
            trigger(self._on_question, inputs, outputs, js="gongwen.asking", **HIDDEN)
            for trigger in (self.question.submit, self.send_button.click)
        ]
        self.conversation.expand(self._on_open, None, outputs, cancels=asked, **HIDDEN)
        self.stop_button.click(
            self._on_stop, self.place, outputs, js="gongwen.stopping", cancels=asked, **HIDDEN
        )

    def _on_question(self, question: str, place: str, request: gr.Request) -> Iterator[Updates]:
        """Yield the page with the question pending, then answered; a refused question only gets a message.

        Gradio closes the iterator when the question is stopped, which ends the model's work too.
        """
        question = (question or "").strip()
        refusal = question_refusal(question, self.texts, limit=self.web.max_question_chars)
        if refusal:
            yield {self.message: f"<p>{escape(refusal)}</p>"}
            return
        owner, (conversation_id, number) = owner_of(request), read_place(place)
        try:
            turns = self._turns(owner, conversation_id)
        except SQLAlchemyError:
            log.exception("A conversation could not be read")
            yield {self.message: f"<p>{escape(self.words.failed)}</p>"}
            return
        if conversation_id and not turns:  # deleted in another window
            yield {self.message: f"<p>{escape(self.words.gone)}</p>"}
            return
        if number is not None:  # an earlier question, asked again or put otherwise: what followed it goes
            turns = [turn for turn in turns if turn.number < number]
        pending = Turn(turns[-1].number + 1 if turns else 0, question)
        yield self._pending([*turns, pending], conversation_id) | {
            self.question: gr.update(value="", interactive=False),
            self.send_button: gr.update(visible=False),
            self.stop_button: gr.update(visible=True),
            self.message: "",
        }
        turn = pending
        with closing(answered_turns(self.assistant, pending, turns)) as growing:
            for grown in growing:  # also when nothing is new: only between two of them can Gradio stop this
                changed, turn = grown != turn, grown
                if turn.is_pending:
                    yield (
                        self._pending([*turns, turn], conversation_id)
                        if changed
                        else {self.message: gr.skip()}
                    )
        unkept = ""
        try:
            conversation_id, turn = self.archive.kept(owner, conversation_id, turn, replaces=number)
        except SQLAlchemyError:  # the answer is shown all the same
            log.exception("An answer could not be kept")
            unkept = f"<p>{escape(self.words.not_kept)}</p>"
        yield self._shown([*turns, turn], conversation_id) | {self.message: unkept}

    def _on_open(self, request: gr.Request, event: gr.EventData) -> Updates:
        """Show another conversation, or none."""
        wanted = str(event._data.get("conversation", ""))
        turns = self._turns(owner_of(request), wanted)
        shown = self._shown(turns, wanted)
        if wanted and not turns:
            shown[self.message] = f"<p>{escape(self.words.gone)}</p>"
        return shown

    def _on_stop(self, place: str, request: gr.Request) -> Updates:
        conversation_id, _ = read_place(place)
        return self._shown(self._turns(owner_of(request), conversation_id), conversation_id) | {
            self.question: gr.update(value=str(json.loads(place)["question"]), interactive=True),
            self.message: f"<p>{escape(self.texts.stopped)}</p>",
        }

    # -- what is shown --------------------------------------------------------------------------------------

    def _turns(self, owner: str, conversation_id: str) -> list[Turn]:
        if not conversation_id:
            return []
        try:
            return self.archive.turns(owner, conversation_id)
        except NoConversation:
            return []

    def _pending(self, turns: list[Turn], conversation_id: str) -> Updates:
        return {
            self.conversation: conversation_html(
                turns[-SHOWN_TURNS:], self.texts, conversation_id=conversation_id
            )
        }

    def _shown(self, turns: list[Turn], conversation_id: str) -> Updates:
        shown = turns[-SHOWN_TURNS:]
        last = shown[-1].answer if shown else None
        suggested = follow_ups(last, self.assistant.documents) if last else []
        return {
            self.conversation: conversation_html(
                shown, self.texts, conversation_id=conversation_id, suggestions=suggested
            ),
            self.evidence: self._evidence(shown),
            self.question: gr.update(interactive=True),
            self.send_button: gr.update(visible=True),
            self.stop_button: gr.update(visible=False),
            self.message: "",
        }

    def _welcome(self) -> str:
        questions = example_questions(self.assistant.documents, self.language)
        return welcome_words(self.texts) + chips_html(questions, self.texts.examples, css="examples")

    def _evidence(self, turns: list[Turn]) -> str:
        head = f'<h2 class="side-title">{escape(self.texts.evidence_tab)}</h2>'
        return head + evidence_html(turns, self.texts, self._document, mask=self.mask)

    def _document(self, document_id: str) -> Document | None:
        try:
            return self.assistant.document(document_id)
        except KeyError:  # the index was rebuilt without it since the answer
            return None


BARE: dict[str, Any] = {"apply_default_css": False, "js_on_load": None}
HIDDEN: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def owner_of(request: gr.Request) -> str:
    """Return whose conversations these are."""
    assert request.request is not None
    return person_of(request.request).owner


def read_place(place: str) -> tuple[str, int | None]:
    """Return the conversation and the number of the turn to replace, None: behind the last; as chat.js says them."""
    said = json.loads(place or "{}")
    number = said.get("number")
    return str(said.get("conversation", "")), number if isinstance(number, int) and number >= 0 else None
