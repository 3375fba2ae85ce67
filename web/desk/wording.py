"""Which words the corpus desk has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class DeskTexts:
    """The strings of one language. `{…}` are filled in with str.format."""

    title: str
    subtitle: str
    drop: str
    choose: str
    upload: str
    into: str
    top_folder: str
    kinds: str
    kinds_summary: str
    limit: str
    files_label: str
    outcomes: Mapping[str, str]  # of an upload: added, replaced, same, exists, refused, sending
    replace: str
    keep: str
    upload_title: str
    back: str
    steps: Mapping[str, str]  # of an update
    failed_for: str
    details: str
    index_of: str
    not_following: str
    shows: Mapping[str, str]
    search: str
    search_hint: str
    find: str
    columns: tuple[str, str, str, str]
    states: Mapping[str, str]
    none_here: str
    none_found: str
    counted: str
    documents_of: str
    provisions_of: str
    doubts_of: str
    corrected: str
    trash: str
    rebuild: str
    rebuild_question: str
    rebuild_told: str
    rebuild_do: str
    cancel: str
    remove: str
    remove_question: str
    remove_told: str
    remove_do: str
    trash_title: str
    trash_told: str
    trash_empty: str
    trash_why: Mapping[str, str]
    restore: str
    file_facts: Mapping[str, str]
    file_doubts: str
    no_doubts: str
    more_doubts: str
    no_documents: str
    gone_told: str
    waiting_told: str
    left_out_told: str
    labels: str
    unlabelled: str
    read_it: str
    correct: str
    line: str
    page: str
    fields: Mapping[str, str]
    correct_title: str
    correct_told: str
    as_read: str
    none: str
    computed: str
    status: str
    ended_by: str
    ended_by_help: str
    since: str
    since_help: str
    save: str
    problems: Mapping[str, str]
    corrections_title: str
    ended_line: str
    take_back: str
    somebody: str
    pending: str
    unapplied_title: str
    unapplied: Mapping[str, str]
    adopt: str
    adopt_told: str
    drop_entry: str
    meanwhile: str
    done: Mapping[str, str]
    errors: Mapping[str, str]
    size: str
    previous: str
    next: str
    pages: str
    forbidden_title: str
    forbidden: str
    to_chat: str
