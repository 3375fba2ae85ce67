"""web.records.conversations and the migrations, on SQLite and on a PostgreSQL server."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select

import web.records.feedback  # their tables are compared too
import web.records.people  # noqa: F401
from qa.answer import Answer, ComparedSide, answer_from_json, answer_to_json
from tests.fakes import FakeAssistant
from web.records import conversations as module
from web.records.conversations import LONGEST_TITLE, Conversations, KeptTurn, NoConversation
from web.records.database import Base, Database, open_database

OWNER, OTHER = "visitor:one", "user:two"
QUESTION = "常务会议多久召开一次？"


@pytest.fixture
def conversations(database: Database) -> Conversations:
    return Conversations(database)


def answer(text: str = "每周召开1次。〔1〕") -> Answer:
    given = FakeAssistant().ask(QUESTION)
    return Answer(
        QUESTION, "answered", text, given.citations, ("说明",), comparison=(ComparedSide("甲", "每周", 1),)
    )


def started(conversations: Conversations, *texts: str, owner: str = OWNER) -> str:
    """Return the id of a conversation with an answer for each text."""
    made = conversations.start(owner, QUESTION)
    for number, text in enumerate(texts):
        conversations.keep(owner, made, number=number, question=f"第{number}问", answer=answer(text))
    return made


def test_the_migrations_make_the_tables_of_the_mapped_classes(database: Database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_database_that_is_up_to_date_is_opened_again_with_what_it_holds(database_url: str, tmp_path: Path):
    first = open_database(database_url, root=tmp_path)
    made = started(Conversations(first), "每周。")
    first.close()
    second = open_database(database_url, root=tmp_path)
    assert [turn.text for turn in Conversations(second).opened(OWNER, made).turns] == ["每周。"]
    second.close()


def test_an_answer_comes_back_as_it_was_given(conversations: Conversations):
    made = started(conversations, "每周召开1次。〔1〕")
    assert conversations.opened(OWNER, made).turns[0].answer == answer()
    assert answer_from_json(answer_to_json(answer())) == answer()


def test_a_failed_turn_is_kept_without_an_answer(conversations: Conversations):
    made = conversations.start(OWNER, QUESTION)
    conversations.keep(OWNER, made, number=0, question=QUESTION, answer=None)
    assert conversations.opened(OWNER, made).turns[0].answer is None


def test_the_last_changed_stands_first(conversations: Conversations):
    first, second = started(conversations, "一"), started(conversations, "二")
    assert [item.conversation_id for item in conversations.listed(OWNER)] == [second, first]
    conversations.keep(OWNER, first, number=1, question="再问", answer=answer())
    listed = conversations.listed(OWNER)
    assert [item.conversation_id for item in listed] == [first, second]
    assert listed[0].created < listed[0].changed and listed[0].created.tzinfo is not None


def test_search_reads_titles_questions_and_answers_and_takes_every_sign_as_itself(
    conversations: Conversations,
):
    meeting, leave = started(conversations, "每周召开1次。"), started(conversations, "三天，100%批准 Abc")
    conversations.rename(OWNER, leave, "请假")

    def found(words: str) -> set[str]:
        return {item.conversation_id for item in conversations.listed(OWNER, words)}

    assert found("请假") == found("三天") == found("100%") == found("aBC") == {leave}
    assert found("第0问") == {meeting, leave}
    assert found("每周 常务") == {meeting} and found("每周 请假") == found("%%") == found("_") == set()


def test_a_turn_takes_the_place_of_those_from_its_number_on(conversations: Conversations):
    made = started(conversations, "一", "二", "三")
    before = [turn.turn_id for turn in conversations.opened(OWNER, made).turns]
    conversations.keep(OWNER, made, number=1, question="改问", answer=answer("改答"))
    turns = conversations.opened(OWNER, made).turns
    assert [(turn.number, turn.question, turn.text) for turn in turns] == [
        (0, "第0问", "一"),
        (1, "改问", "改答"),
    ]
    assert turns[0].turn_id == before[0] and turns[1].turn_id not in before


def test_a_title_is_one_line_of_bounded_length_and_never_empty(conversations: Conversations):
    made = conversations.start(OWNER, "甲\n  乙" + "长" * 200)
    title = conversations.opened(OWNER, made).title
    assert title.startswith("甲 乙长") and title.endswith("…") and len(title) == LONGEST_TITLE
    conversations.rename(OWNER, made, " 新 名 ")
    assert conversations.opened(OWNER, made).title == "新 名"
    with pytest.raises(ValueError, match="word"):
        conversations.rename(OWNER, made, " \n")


def test_what_is_deleted_is_gone_with_its_turns(conversations: Conversations):
    made, kept = started(conversations, "一", "二"), started(conversations, "三")
    conversations.delete(OWNER, made)
    with pytest.raises(NoConversation):
        conversations.opened(OWNER, made)
    with conversations.database.session() as session:
        assert session.scalar(select(func.count()).select_from(KeptTurn)) == 1
    assert [item.conversation_id for item in conversations.listed(OWNER)] == [kept]


def test_nobody_reads_or_changes_what_is_somebody_elses(conversations: Conversations):
    made = started(conversations, "一")
    assert conversations.listed(OTHER) == []
    for attempt in (
        lambda: conversations.opened(OTHER, made),
        lambda: conversations.rename(OTHER, made, "新"),
        lambda: conversations.delete(OTHER, made),
        lambda: conversations.keep(OTHER, made, number=0, question="问", answer=None),
        lambda: conversations.opened(OWNER, "none"),
    ):
        with pytest.raises(NoConversation):
            attempt()
    kept = conversations.opened(OWNER, made)
    assert (kept.title, [turn.text for turn in kept.turns]) == (QUESTION, ["一"])


def test_what_is_kept_is_bounded(conversations: Conversations, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST_CONVERSATIONS", 2)
    monkeypatch.setattr(module, "MOST_TURNS", 3)
    other = started(conversations, "别人", owner=OTHER)
    _, second, third = (started(conversations, "一", "二", "三", "四") for _ in range(3))
    assert [item.conversation_id for item in conversations.listed(OWNER)] == [third, second]
    assert [turn.text for turn in conversations.opened(OWNER, third).turns] == ["二", "三", "四"]
    assert [item.conversation_id for item in conversations.listed(OTHER)] == [other]


def test_windows_that_write_at_the_same_time_lose_nothing(conversations: Conversations):
    shared = conversations.start(OWNER, QUESTION)

    def write(number: int) -> str:
        conversations.keep(OWNER, shared, number=None, question=f"第{number}个窗口", answer=answer())
        return started(conversations, "一", "二")

    with ThreadPoolExecutor(8) as windows:
        made = list(windows.map(write, range(16)))
    assert len({item.conversation_id for item in conversations.listed(OWNER)}) == 17
    assert [len(conversations.opened(OWNER, each).turns) for each in made] == [2] * 16
    turns = conversations.opened(OWNER, shared).turns
    assert [turn.number for turn in turns] == list(range(16))
    assert {turn.question for turn in turns} == {f"第{number}个窗口" for number in range(16)}


def test_characters_that_a_database_cannot_keep_do_not_lose_the_turn(conversations: Conversations):
    made = conversations.start(OWNER, "甲\0\ud800乙")
    conversations.keep(OWNER, made, number=0, question="甲\0\ud800乙", answer=answer("丙\0\ud800"))
    kept = conversations.opened(OWNER, made)
    assert kept.title == kept.turns[0].question == "甲?乙" and kept.turns[0].text == "丙?"
