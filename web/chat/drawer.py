"""A person's conversations in, the HTML of their list out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from html import escape
from itertools import groupby

from web.chat.chat_texts import CHAT_TEXTS, ChatTexts
from web.records.conversations import Conversation
from web.texts import Texts


def conversations_html(
    conversations: Sequence[Conversation], texts: Texts, *, searched: bool = False, today: date | None = None
) -> str:
    """Return the list, the last changed first, by age; in words that there is none, and whether one was looked for."""
    words = CHAT_TEXTS[texts.language]
    if not conversations:
        return f'<p class="empty">{escape(words.searched_none if searched else words.no_conversations)}</p>'
    day = today or date.today()
    groups = groupby(conversations, lambda item: _age(item, day))
    return "".join(
        f'<h3 class="age">{escape(words.groups[age])}</h3><ul>{"".join(_item(each, texts, words) for each in items)}</ul>'
        for age, items in groups
    )


def _age(conversation: Conversation, today: date) -> int:
    changed = _local(conversation.changed).date()
    return 0 if changed >= today else 1 if changed > today - timedelta(days=7) else 2


def _local(moment: datetime) -> datetime:
    return moment.astimezone()


def _item(conversation: Conversation, texts: Texts, words: ChatTexts) -> str:
    made, title = escape(conversation.conversation_id), escape(conversation.title)
    changed = _local(conversation.changed)
    return (
        f'<li class="kept" data-id="{made}" data-title="{title}">'
        f'<a href="/?c={made}" title="{title}&#10;{escape(texts.date(changed.date()))} {changed:%H:%M}">{title}</a>'
        f'<details class="menu"><summary aria-label="{escape(words.actions_of.format(conversation.title))}">'
        f'<span aria-hidden="true">⋯</span></summary><div>'
        f'<button type="button" class="rename">{escape(words.rename)}</button>'
        f'<a href="/conversations/{made}.docx" download>{escape(words.export_word)}</a>'
        f'<a href="/conversations/{made}.md" download>{escape(words.export_markdown)}</a>'
        f'<button type="button" class="delete">{escape(words.delete)}</button></div></details></li>'
    )
