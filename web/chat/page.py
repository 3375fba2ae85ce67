"""An assistant and the settings in, the chat page (Gradio Blocks) out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from html import escape
from typing import Any

import gradio as gr

from ingest.document import Document
from qa.answer import Progress
from web.access.people import Person, person_of
from web.chat.cards import document_rows, matching_documents
from web.chat.conversation import Turn, conversation_html, evidence_html, history_of
from web.chat.examples import MOST, example_questions
from web.navigation import navigation_html, person_html
from web.services import AssistantLike, Services
from web.texts import TEXTS, Texts

log = logging.getLogger(__name__)

SHOWN_DOCUMENTS = 200  # rows of the document list
KEPT_TURNS = 40  # older turns leave the page, so that one kept open all day stays quick
AT_ONCE = 8  # questions answered at the same time

Updates = dict[Any, Any]  # component -> its new value, as Gradio takes them


def build_page(services: Services) -> gr.Blocks:
    """Return the page."""
    return Page(services).blocks


class Page:
    """The components of the page and what each of them does; holds nothing of any visitor."""

    def __init__(self, services: Services) -> None:
        self.assistant, self.mask = services.assistant, services.mask
        self.web = web = services.config.web
        texts = TEXTS[web.language]
        with gr.Blocks(title=texts.title, analytics_enabled=False, fill_width=True) as self.blocks:
            self.turns = gr.State([])
            self.asked = gr.State("")  # the question that is being answered
            self.language = gr.State(web.language)
            self._header(texts)
            with gr.Row(elem_id="main"):
                with gr.Column(elem_id="chat", scale=3, min_width=0):
                    self._conversation(texts)
                    self._composer(texts)
                with gr.Column(elem_id="side", scale=2, min_width=0):
                    self._side(texts)
            self._events()
        self.blocks.queue(api_open=False, default_concurrency_limit=AT_ONCE)

    # -- what stands where ----------------------------------------------------------------------------------

    def _header(self, texts: Texts) -> None:
        with gr.Row(elem_id="header"):
            self.brand = gr.HTML(_brand_html(texts), elem_id="brand", **BARE)
            self.new_button = gr.Button(
                texts.new_conversation, elem_id="new", elem_classes="quiet", size="sm"
            )
            self.theme_button = gr.Button(texts.theme, elem_id="theme", elem_classes="quiet", size="sm")
            self.language_button = gr.Button(
                texts.other_language, elem_id="language", elem_classes="quiet", size="sm"
            )

    def _conversation(self, texts: Texts) -> None:
        with gr.Column(elem_id="conversation-scroll"):
            # The log element outlives re-rendering, so a screen reader hears only what is added to it.
            self.conversation = gr.HTML(
                "",
                elem_id="conversation",
                html_template='<div role="log" aria-live="polite">${value}</div>',
                apply_default_css=False,
                js_on_load=ON_OPENED,
            )
            with gr.Column(elem_id="welcome") as self.welcome:
                self.welcome_words = gr.HTML(_welcome_html(texts), **BARE)
                with gr.Row(elem_id="examples"):
                    questions = self._examples(self.web.language)
                    self.example_buttons = [
                        gr.Button(question, elem_classes="chip", size="sm", visible=bool(question))
                        for question in questions
                    ]

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
            self.hint = gr.HTML(_hint_html(texts), elem_id="hint", **BARE)

    def _side(self, texts: Texts) -> None:
        with gr.Tabs(elem_id="tabs") as self.tabs:
            with gr.Tab(texts.evidence_tab, id="evidence") as self.evidence_tab:
                self.evidence = gr.HTML(self._evidence([], texts), elem_id="evidence", **BARE)
            with gr.Tab(texts.corpus_tab, id="corpus") as self.corpus_tab:
                self.filter = gr.Textbox(
                    placeholder=texts.filter_placeholder, label=texts.filter_label, show_label=False,
                    container=False, elem_id="filter",
                )  # fmt: skip
                self.corpus = gr.HTML(self._corpus("", texts), elem_id="corpus", **BARE)

    # -- what happens when ----------------------------------------------------------------------------------

    def _events(self) -> None:
        outputs = self._answer_outputs()
        typed: set[Any] = {self.question, self.turns, self.language}
        asked: list[Any] = [
            trigger(self._on_question, typed, outputs, **HIDDEN)
            for trigger in (self.question.submit, self.send_button.click)
        ] + [
            button.click(self._on_question_of(button), {button, self.turns, self.language}, outputs, **HIDDEN)
            for button in self.example_buttons
        ]
        self.conversation.expand(
            self._on_explain,
            {self.turns, self.language},
            [self.turns, self.conversation, self.message],
            **HIDDEN,
        )
        self.new_button.click(self._on_new, {self.language}, outputs, cancels=asked, **HIDDEN)
        stopped: set[Any] = {self.turns, self.asked, self.language}
        self.stop_button.click(self._on_stop, stopped, outputs, cancels=asked, **HIDDEN)
        everything: set[Any] = {self.turns, self.language, self.filter}
        filtered: set[Any] = {self.filter, self.language}
        self.language_button.click(self._on_language, everything, self._language_outputs(), **HIDDEN)
        self.filter.change(self._on_filter, filtered, [self.corpus], **HIDDEN)
        self.blocks.load(self._on_load, {self.language}, [self.brand], **HIDDEN)
        self.theme_button.click(None, js="() => { window.gongwen.switchTheme(); }", api_visibility="private")

    def _answer_outputs(self) -> list[Any]:
        return [
            self.turns, self.asked, self.conversation, self.evidence, self.welcome, self.question,
            self.send_button, self.stop_button, self.message, self.language_button, self.tabs,
        ]  # fmt: skip

    def _language_outputs(self) -> list[Any]:
        return [
            self.language, self.brand, self.new_button, self.theme_button, self.language_button,
            self.welcome_words, *self.example_buttons, self.conversation, self.message, self.question,
            self.send_button, self.stop_button, self.hint, self.evidence, self.evidence_tab, self.corpus_tab, self.filter,
            self.corpus,
        ]  # fmt: skip

    def _on_load(self, values: Updates, request: gr.Request) -> Updates:
        return {self.brand: _brand_html(TEXTS[values[self.language]], _person(request))}

    def _on_question(self, values: Updates) -> Iterator[Updates]:
        yield from self._answered(values[self.question], values[self.turns], TEXTS[values[self.language]])

    def _on_question_of(self, button: gr.Button) -> Callable[[Updates], Iterator[Updates]]:
        def on_click(values: Updates) -> Iterator[Updates]:
            yield from self._answered(values[button], values[self.turns], TEXTS[values[self.language]])

        return on_click

    def _answered(self, question: str, turns: list[Turn], texts: Texts) -> Iterator[Updates]:
        """Yield the page with the question pending, then answered; a refused question only gets a message.

        Gradio closes the iterator when the question is stopped, which ends the model's work too.
        """
        question = (question or "").strip()
        refusal = question_refusal(question, texts, limit=self.web.max_question_chars)
        if refusal:
            yield {self.message: f"<p>{escape(refusal)}</p>"}
            return
        pending = Turn(turns[-1].number + 1 if turns else 0, question)
        yield {
            self.asked: question,
            self.conversation: conversation_html([*turns, pending], texts),
            self.welcome: gr.update(visible=False),
            self.question: gr.update(value="", interactive=False),
            self.send_button: gr.update(visible=False),
            self.stop_button: gr.update(visible=True),
            self.language_button: gr.update(interactive=False),
            self.message: "",
        }
        turn = pending
        with closing(answered_turns(self.assistant, pending, turns)) as growing:
            for grown in growing:  # also when nothing is new: only between two of them can Gradio stop this
                changed, turn = grown != turn, grown
                if turn.is_pending:
                    html = conversation_html([*turns, turn], texts)
                    yield {self.conversation: html if changed else gr.skip()}
        shown = self._shown([*turns, turn][-KEPT_TURNS:], texts)
        if turn.failed:  # the question goes back into its box, to be tried again
            shown[self.question] = gr.update(value=question, interactive=True)
        yield shown

    def _shown(self, turns: list[Turn], texts: Texts) -> Updates:
        return {
            self.turns: turns,
            self.conversation: conversation_html(turns, texts),
            self.evidence: self._evidence(turns, texts),
            self.welcome: gr.update(visible=not turns),
            self.question: gr.update(interactive=True),
            self.send_button: gr.update(visible=True),
            self.stop_button: gr.update(visible=False),
            self.language_button: gr.update(interactive=True),
            self.message: "",
            self.tabs: gr.update(selected="evidence"),
        }

    def _on_explain(self, values: Updates, event: gr.EventData) -> Updates:
        """Fill the panel that was opened for the first time; on any failure, logged with its traceback, say so."""
        turns, texts, number = values[self.turns], TEXTS[values[self.language]], event._data["turn"]
        try:
            told = explained(self.assistant, turns, number)
        except Exception:  # the page outlives whatever one explanation does to it
            log.exception("No explanation of turn %s", number)
            return {self.message: f"<p>{escape(texts.explanation.failed)}</p>"}
        html = conversation_html(told, texts, explained=number)
        return {self.turns: told, self.conversation: html, self.message: ""}

    def _on_new(self, values: Updates) -> Updates:
        return self._shown([], TEXTS[values[self.language]]) | {
            self.question: gr.update(value="", interactive=True)
        }

    def _on_stop(self, values: Updates) -> Updates:
        texts = TEXTS[values[self.language]]
        return self._shown(values[self.turns], texts) | {
            self.question: gr.update(value=values[self.asked], interactive=True),
            self.message: f"<p>{escape(texts.stopped)}</p>",
        }

    def _on_filter(self, values: Updates) -> Updates:
        return {self.corpus: self._corpus(values[self.filter] or "", TEXTS[values[self.language]])}

    def _on_language(self, values: Updates, request: gr.Request) -> Updates:
        language = "en" if values[self.language] == "zh" else "zh"
        texts, turns = TEXTS[language], values[self.turns]
        labels = {
            self.new_button: texts.new_conversation,
            self.theme_button: texts.theme,
            self.language_button: texts.other_language,
            self.send_button: texts.send,
            self.stop_button: texts.stop,
        }
        examples = zip(self.example_buttons, self._examples(language), strict=True)
        return {
            self.language: language,
            self.brand: _brand_html(texts, _person(request)),
            self.welcome_words: _welcome_html(texts),
            self.hint: _hint_html(texts),
            self.message: "",
            self.conversation: conversation_html(turns, texts),
            self.evidence: self._evidence(turns, texts),
            self.corpus: self._corpus(values[self.filter] or "", texts),
            self.question: gr.update(placeholder=texts.placeholder, label=texts.question_label),
            self.filter: gr.update(placeholder=texts.filter_placeholder, label=texts.filter_label),
            self.evidence_tab: gr.update(label=texts.evidence_tab),
            self.corpus_tab: gr.update(label=texts.corpus_tab),
            **{button: gr.update(value=label) for button, label in labels.items()},
            **{button: gr.update(value=text, visible=bool(text)) for button, text in examples},
        }

    # -- what is shown --------------------------------------------------------------------------------------

    def _examples(self, language: str) -> list[str]:
        questions = example_questions(self.assistant.documents, language)
        return questions + [""] * (MOST - len(questions))

    def _evidence(self, turns: list[Turn], texts: Texts) -> str:
        return evidence_html(turns, texts, self._document, mask=self.mask)

    def _document(self, document_id: str) -> Document | None:
        try:
            return self.assistant.document(document_id)
        except KeyError:  # the index was rebuilt without it since the answer
            return None

    def _corpus(self, words: str, texts: Texts) -> str:
        found = matching_documents(self.assistant.documents, words)
        shown = [(item, self.assistant.validity(item.document_id)) for item in found[:SHOWN_DOCUMENTS]]
        count = texts.corpus_count if len(shown) == len(found) else texts.corpus_shown
        line = escape(count.format(total=len(found), shown=len(shown)))
        return f'<p class="count">{line}</p>{document_rows(shown, texts)}'


BARE: dict[str, Any] = {"apply_default_css": False, "js_on_load": None}
HIDDEN: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# A panel without its explanation names its turn. One opened while an answer is looked for stays closed: the answer would
# close it again.
ON_OPENED = """
element.addEventListener("toggle", (event) => {
  const panel = event.target;
  if (!panel.matches("details.why[data-turn]") || !panel.open) return;
  if (element.querySelector(".answer.pending")) panel.open = false;
  else trigger("expand", { turn: Number(panel.dataset.turn) });
}, true);
"""


def question_refusal(question: str, texts: Texts, *, limit: int) -> str:
    """Return why the page does not send this question, "" when it does."""
    if not question:
        return texts.empty_question
    if len(question) > limit:
        return texts.too_long.format(limit=limit, length=len(question))
    return ""


def answered_turns(
    assistant: AssistantLike, pending: Turn, turns: Sequence[Turn]
) -> Generator[Turn, None, None]:
    """Yield the pending turn as it grows, changed or not, and last as answered; on any failure, logged, as failed."""
    try:
        with closing(assistant.stream(pending.question, history=history_of(turns))) as items:
            for item in items:
                if isinstance(item, Progress):
                    yield replace(pending, so_far=item.text)
                else:
                    yield replace(pending, answer=item)
    except Exception:  # the page outlives whatever one question does to it
        log.exception("No answer to %r", pending.question)
        yield replace(pending, failed=True)


def explained(assistant: AssistantLike, turns: Sequence[Turn], number: int) -> list[Turn]:
    """Return the turns, the one of this number with its explanation."""
    at = next(i for i, turn in enumerate(turns) if turn.number == number)
    turn, before = turns[at], turns[:at]
    if turn.answer is None:
        raise ValueError(f"turn {number} has no answer to explain")
    told = assistant.explain(turn.answer, history=history_of(before))
    return [*before, replace(turn, explanation=told), *turns[at + 1 :]]


def _person(request: gr.Request) -> Person:
    assert request.request is not None  # None only outside a server
    return person_of(request.request)


def _brand_html(texts: Texts, person: Person | None = None) -> str:
    lost = f'data-lost-title="{escape(texts.lost_title)}" data-lost="{escape(texts.lost)}"'
    return (
        f'<div class="brand" lang="{texts.language}" {lost}><span class="seal" aria-hidden="true">公文</span>'
        f"<div><h1>{escape(texts.title)}</h1><p>{escape(texts.subtitle)}</p></div>"
        f"{navigation_html(texts, 'chat', person)}{person_html(texts, person)}</div>"
    )


def _welcome_html(texts: Texts) -> str:
    return (
        f'<div class="welcome" lang="{texts.language}"><h2>{escape(texts.welcome)}</h2>'
        f"<p>{escape(texts.welcome_more)}</p>"
        f'<p class="examples-title">{escape(texts.examples)}</p></div>'
    )


def _hint_html(texts: Texts) -> str:
    return f"<p>{escape(texts.hint)}</p>"
