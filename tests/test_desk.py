"""The corpus desk: files come in whole and by a safe name, nothing is overwritten unasked, each change is told and can be undone."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from ingest.document import DOUBTS
from qa.updates import UpdateState
from tests.desk_world import JSON, World, rules, upload
from tests.fakes import HOSTILE
from web.access.audit import entries
from web.access.people import Role
from web.desk.doubt_texts import reason_words
from web.desk.folder import DeskError, checked_name
from web.desk.listing import labels
from web.desk.router import desk_router
from web.desk.texts import ZH
from web.rooms.doubt_texts import ZH_DOUBTS

pytest_plugins = ["tests.desk_world"]


def corpus_files(world: World) -> list[str]:
    return sorted(p.relative_to(world.corpus).as_posix() for p in world.corpus.rglob("*") if p.is_file())


def test_a_file_that_comes_in_is_read_shown_and_answers(world: World, desk: TestClient) -> None:
    assert upload(desk, "公章.txt", rules(3, "公章"))["outcome"] == "added"
    assert corpus_files(world) == ["duty.txt", "meeting.txt", "公章.txt"]
    listed = desk.get("/desk").text
    assert "公章.txt" in listed and "甲区公章规则" in listed
    shown = desk.get("/desk/file", params={"path": "公章.txt"}).text
    assert "甲政发〔2023〕3号" in shown and "第二条" in shown
    assert ZH_DOUBTS["gap"] in shown, "the fourth article follows the second"
    assert "/documents/%E7%94%B2%E6%94%BF%E5%8F%91" in shown
    assert "30天" in world.live.ask("公章记录保存几天？").text


def test_labels_are_shown_as_deep_as_they_stand_and_without_their_mark_twice(
    world: World, desk: TestClient
) -> None:
    text = "甲政发〔2023〕6号\n甲区公章规则\n2023年2月15日\n第一章 总则\n第一条 公章由下列人员保管：\n（一）主任；\n（二）副主任。\n"
    upload(desk, "公章.txt", text)
    rows = [(row.depth, row.label, row.words) for row in labels(world.live.document("甲政发〔2023〕6号"))]
    assert (0, "第一章", "总则") in rows and (
        1,
        "第一条",
        "公章由下列人员保管： （一）主任； （二）副主任。",
    ) in rows
    assert (2, "第一条（二）", "副主任。") in rows


def test_a_taken_name_is_asked_about_and_the_file_replaced_lies_in_the_trash(
    world: World, desk: TestClient
) -> None:
    assert upload(desk, "duty.txt", rules(1, "值班"))["outcome"] == "same"
    asked = upload(desk, "duty.txt", rules(1, "值班", 90))
    assert asked["outcome"] == "exists" and "30天" in (world.corpus / "duty.txt").read_text(encoding="utf-8")
    kept = desk.post("/desk/staged", data={"token": asked["token"], "replace": ""}, headers=JSON).json()
    assert kept["files"][0]["outcome"] == "kept"
    assert desk.post("/desk/staged", data={"token": asked["token"], "replace": "1"}).status_code == 404

    asked = upload(desk, "duty.txt", rules(1, "值班", 90))
    done = desk.post("/desk/staged", data={"token": asked["token"], "replace": "1"})
    assert ZH.done["replaced"].format("duty.txt") in done.text
    assert "90天" in world.live.ask("值班记录保存几天？").text
    trash = desk.get("/desk/trash").text
    assert "duty.txt" in trash and ZH.trash_why["replaced"] in trash and "王五" in trash
    assert corpus_files(world) == ["duty.txt", "meeting.txt"]


def test_a_file_goes_into_a_folder_of_the_corpus_and_into_no_other(world: World, desk: TestClient) -> None:
    assert 'name="folder"' not in desk.get("/desk").text
    (world.corpus / "2023").mkdir()
    (world.corpus / "duty.txt").rename(world.corpus / "2023" / "duty.txt")
    assert "<option>2023</option>" in desk.get("/desk").text

    def into(folder: str) -> dict:
        files = {"files": ("duty.txt", io.BytesIO(rules(1, "值班", 90).encode()))}
        return desk.post("/desk/files", files=files, data={"folder": folder}, headers=JSON).json()["files"][0]

    assert into("2023")["outcome"] == "exists"
    for folder in ("..", "2024", "/tmp", "2023/../.."):
        assert into(folder)["message"] == ZH.errors["no_such_folder"].format(name=folder)
    assert [name for name in corpus_files(world) if not name.startswith(".")] == [
        "2023/duty.txt",
        "meeting.txt",
    ]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("../../etc/规则.txt", "规则.txt"),
        ("C:\\文件\\规则.DOCX", "规则.DOCX"),
        (".hidden.txt", "hidden.txt"),
        ("~$规则.docx", "规则.docx"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("规\u202e则\u200b.txt", "规_则_.txt"),
        ("con.txt", "_con.txt"),
        ("长" * 200 + ".pdf", "长" * 65 + ".pdf"),
    ],
)
def test_a_name_is_made_safe(raw: str, name: str) -> None:
    assert checked_name(raw) == name


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("规则.exe", "wrong_kind"),
        ("规则", "wrong_kind"),
        (".txt", "wrong_kind"),
        ("README.md", "passed_over"),
        ("sources.md", "passed_over"),
        ("..", "no_name"),
    ],
)
def test_a_name_that_ingest_would_not_read_is_refused(raw: str, kind: str) -> None:
    with pytest.raises(DeskError) as raised:
        checked_name(raw)
    assert raised.value.kind == kind


def test_a_file_that_is_too_large_or_empty_leaves_nothing_behind(
    still: World, still_desk: TestClient
) -> None:
    large = upload(still_desk, "大.txt", b"x" * (2**20 + 1))
    assert large["outcome"] == "refused" and "上限为 1 MB" in large["message"]
    declared = upload(still_desk, "大.txt", b"x" * (2**20 + 2**17))
    assert declared["status"] == 413 and "上限为 1 MB" in declared["message"]

    def pieces() -> Iterator[bytes]:
        yield b'--b\r\ncontent-disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
        yield from (b"x" * 2**16 for _ in range(40))
        yield b"\r\n--b--\r\n"

    untold = still_desk.post(
        "/desk/files", content=pieces(), headers={**JSON, "content-type": "multipart/form-data; boundary=b"}
    )
    assert untold.status_code == 413
    assert upload(still_desk, "空.txt", b"")["message"] == ZH.errors["empty"].format(name="空.txt")
    assert still_desk.post("/desk/files", headers=JSON).json()["message"] == ZH.errors["no_files"]
    assert corpus_files(still) == ["duty.txt", "meeting.txt"] and still.updates.asked == []


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, "disk_full"), (errno.EROFS, "read_only"), (errno.EIO, "other")]
)
def test_a_disk_that_does_not_take_the_file_is_told_and_nothing_is_lost(
    still: World, still_desk: TestClient, monkeypatch: pytest.MonkeyPatch, number: int, kind: str
) -> None:
    def failing(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr("web.desk.folder.os.fsync", failing)
        message = upload(still_desk, "公章.txt", rules(3, "公章"))["message"]
    assert message == ZH.errors[kind].format(name="公章.txt", why=os.strerror(number))
    with monkeypatch.context() as patch:
        patch.setattr("web.desk.folder.shutil.copy2", failing)
        removed = still_desk.post("/desk/remove", data={"path": "duty.txt"})
    assert (
        removed.status_code == 507
        and ZH.errors["trash_failed"].split("（")[0].format(name="duty.txt") in removed.text
    )
    assert (
        corpus_files(still) == ["duty.txt", "meeting.txt"]
        and still_desk.get("/desk/trash").text.count("<form") == 0
    )


def test_what_is_removed_no_longer_answers_and_can_be_brought_back(world: World, desk: TestClient) -> None:
    asked = desk.get("/desk/remove", params={"path": "duty.txt"})
    assert "甲区值班规则" in asked.text and corpus_files(world) == ["duty.txt", "meeting.txt"]
    desk.post("/desk/remove", data={"path": "duty.txt"})
    assert corpus_files(world) == ["meeting.txt"]
    assert [d.doc_no for d in world.live.documents] == ["甲政发〔2023〕2号"]
    again = desk.post("/desk/remove", data={"path": "duty.txt"})
    assert again.status_code == 404 and ZH.errors["no_such_file"].format(name="duty.txt") in again.text
    (entry,) = world_trash(world)
    desk.post("/desk/restore", data={"token": entry})
    assert len(world.live.documents) == 2 and world_trash(world) == []


def test_who_changed_the_corpus_stands_in_the_audit_log(world: World, desk: TestClient) -> None:
    desk.post("/desk/remove", data={"path": "duty.txt"})
    desk.post("/desk/rebuild")
    logged = [(entry.person, entry.action, entry.object) for entry in entries(world.services.database)]
    assert logged == [("王五", "corpus-removed", "duty.txt"), ("王五", "corpus-rebuild", "")]


def test_what_is_brought_back_overwrites_nothing(world: World, desk: TestClient) -> None:
    desk.post("/desk/remove", data={"path": "duty.txt"})
    upload(desk, "duty.txt", rules(1, "值班", 60))
    (entry,) = world_trash(world)
    refused = desk.post("/desk/restore", data={"token": entry})
    assert ZH.errors["restore_exists"].format(name="duty.txt") in refused.text
    assert "60天" in (world.corpus / "duty.txt").read_text(encoding="utf-8") and world_trash(world) == [entry]


def world_trash(world: World) -> list[str]:
    trash = world.config.resolve(world.config.corpus.trash)
    return [entry.parent.name for entry in trash.glob("*/entry.json")]


@pytest.mark.parametrize("path", ["../config.yaml", "/etc/passwd", "data/index/CURRENT", "", "duty.txt/.."])
def test_a_path_outside_the_corpus_is_no_file_of_it(still: World, still_desk: TestClient, path: str) -> None:
    for answer in (
        still_desk.get("/desk/file", params={"path": path}),
        still_desk.get("/desk/remove", params={"path": path}),
        still_desk.post("/desk/remove", data={"path": path}),
    ):
        assert answer.status_code in (404, 422)
    assert still_desk.post("/desk/restore", data={"token": f"../{path}"}).status_code == 404


def test_a_file_that_cannot_be_read_says_why_in_chinese(world: World, desk: TestClient) -> None:
    upload(desk, "坏.docx", b"no zip at all, but bytes of some length" * 20)
    shown = desk.get("/desk", params={"show": "left_out"}).text
    assert "坏.docx" in shown and "duty.txt" not in shown
    told = desk.get("/desk/file", params={"path": "坏.docx"}).text
    assert ZH.left_out_told in told and "文件内容与扩展名不符" in told


def test_a_rebuild_is_asked_about_and_made_anew(world: World, desk: TestClient) -> None:
    assert ZH.rebuild_question in desk.get("/desk/rebuild").text and world.updates.asked == []
    assert ZH.done["rebuild"] in desk.post("/desk/rebuild").text
    assert world.updates.asked == [True] and "30天" in world.live.ask("值班记录保存几天？").text


def test_names_and_texts_of_documents_are_shown_and_not_run(world: World, desk: TestClient) -> None:
    (world.corpus / "x' onclick=a().txt").write_text(
        rules(5, "公章").replace("甲区公章规则", f"甲区{HOSTILE}规则"), encoding="utf-8"
    )
    world.updates.ask_for_update()
    for address in (
        "/desk",
        "/desk/file?path=x' onclick=a().txt",
        "/desk/correct?document=甲政发〔2023〕5号",
    ):
        shown = desk.get(address).text
        assert "<script>window" not in shown and "onclick=a()" in shown and "<img src=x" not in shown


def test_a_reader_may_do_nothing_of_it(still: World) -> None:
    with still.client(desk_router(still.services), role=Role.READER) as reader:
        for path in ("/desk", "/desk/progress", "/desk/trash", "/desk/rebuild", "/desk/file?path=duty.txt"):
            answer = reader.get(path)
            assert answer.status_code == 403 and ZH.forbidden in answer.text
        for path in ("files", "staged", "remove", "restore", "rebuild", "correct", "take-back", "unapplied"):
            assert reader.post(f"/desk/{path}", data={"path": "duty.txt"}).status_code == 403
    assert corpus_files(still) == ["duty.txt", "meeting.txt"] and still.updates.asked == []


def test_how_an_update_goes_on_and_why_it_failed_is_told(still: World, still_desk: TestClient) -> None:
    def line(state: UpdateState) -> str:
        still.updates.state = state
        told = still_desk.get("/desk/progress").json()
        shown = still_desk.get("/desk").text
        assert told["line"] in shown and told["count"] in shown and told["running"] == state.running
        return f"{told['line']} {told['count']}".strip()

    assert line(UpdateState("reading", done=3, total=9)) == "正在读取文件 3 / 9"
    assert line(UpdateState("failed", message="/corpus: no files; put documents there")).startswith(
        "更新没有成功：文件库里没有文件。"
    )
    assert line(UpdateState("failed", message="something new")) == ZH.steps["failed"]
    assert "something new" in still_desk.get("/desk").text
    assert line(UpdateState()) == ZH.steps["idle"]


def test_every_doubt_has_chinese_words_and_reasons_are_known_by_their_beginnings() -> None:
    assert set(ZH_DOUBTS) == set(DOUBTS)
    assert reason_words("the file is empty; remove it or put its text in.", "zh").startswith("文件是空的")
    assert "600 秒" in reason_words("not read within 600 seconds; split it", "zh")
    assert reason_words("something new", "zh") == "something new"
    assert reason_words("the file is empty", "en") == "the file is empty"
