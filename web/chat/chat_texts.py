"""The words of the chat page alone, in Chinese and in English; what all pages share stands in web/texts.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ChatTexts:
    """The strings of one language. `{…}` are filled in with str.format."""

    skip: str
    theme: str
    opening: str
    drawer: str
    drawer_button: str
    search: str
    searched_none: str
    no_conversations: str
    gone: str
    groups: tuple[str, str, str]  # of today, of the last seven days, older
    actions_of: str
    rename: str
    new_title: str
    save: str
    cancel: str
    delete: str
    delete_sure: str
    export_markdown: str
    export_word: str
    failed: str  # a request of the page itself
    not_kept: str
    retry: str
    edit: str
    editing: str
    suggestions: str
    in_room: str
    judge: str
    judged: str
    verdicts: Mapping[str, str]
    remark: str
    submit: str
    withdraw: str
    exported: str
    disclaimer: str


ZH_CHAT = ChatTexts(
    skip="跳到提问框",
    theme="切换明暗",
    opening="正在打开…",
    drawer="对话记录",
    drawer_button="对话",
    search="搜索对话",
    searched_none="没有符合的对话。",
    no_conversations="提问之后，对话会保存在这里。",
    gone="这个对话不存在，或者已被删除。",
    groups=("今天", "近七天", "更早"),
    actions_of="操作：{}",
    rename="重命名",
    new_title="新的名称",
    save="保存",
    cancel="取消",
    delete="删除",
    delete_sure="要删除“{}”吗？删除后不能恢复。",
    export_markdown="导出 Markdown",
    export_word="导出 Word",
    failed="没有成功，请再试一次。",
    not_kept="答案未能保存，刷新后会丢失；请告知管理员。",
    retry="重新回答",
    edit="修改问题",
    editing="正在修改前面的问题：发送后，它和后面的问答将被替换。",
    suggestions="还可以问",
    in_room="在阅览室打开",
    judge="评价",
    judged="已评价：{}",
    verdicts={
        "right": "答得对",
        "wrong_answer": "答案有误",
        "wrong_citation": "出处有误",
        "incomplete": "不完整",
    },
    remark="补充说明（可不填）",
    submit="提交评价",
    withdraw="撤回评价",
    exported="{when}导出自公文问答",
    disclaimer="答案由系统依据库中文件作答，引用前请核对原件。",
)

EN_CHAT = ChatTexts(
    skip="Skip to the question box",
    theme="Light or dark",
    opening="Opening…",
    drawer="Conversations",
    drawer_button="History",
    search="Search conversations",
    searched_none="No conversation matches.",
    no_conversations="Conversations are kept here once you have asked something.",
    gone="There is no such conversation, or it was deleted.",
    groups=("Today", "Last seven days", "Earlier"),
    actions_of="Actions: {}",
    rename="Rename",
    new_title="New name",
    save="Save",
    cancel="Cancel",
    delete="Delete",
    delete_sure="Delete “{}”? This cannot be undone.",
    export_markdown="Export as Markdown",
    export_word="Export as Word",
    failed="That did not work; please try again.",
    not_kept="The answer could not be saved and will be lost on reload; please tell the administrator.",
    retry="Ask again",
    edit="Edit question",
    editing="Editing an earlier question: sending it replaces it and what follows.",
    suggestions="You may also ask",
    in_room="Reading room",
    judge="Rate",
    judged="Rated: {}",
    verdicts={
        "right": "Right",
        "wrong_answer": "Wrong answer",
        "wrong_citation": "Wrong source",
        "incomplete": "Incomplete",
    },
    remark="Remark (optional)",
    submit="Send rating",
    withdraw="Withdraw",
    exported="Exported from Gongwen QA on {when}",
    disclaimer="Answered by a system from the documents it holds; check the originals before citing.",
)

CHAT_TEXTS = {"zh-CN": ZH_CHAT, "en": EN_CHAT}  # by Texts.language
