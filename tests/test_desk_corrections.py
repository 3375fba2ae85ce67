"""Corrections at the desk: made by form, checked, shown with who and when, taken back, and told where they no longer apply."""

from __future__ import annotations

import errno

import pytest
from fastapi.testclient import TestClient
from filelock import FileLock

from tests.desk_world import World, rules, upload
from web.desk.router import desk_router
from web.desk.texts import ZH

pytest_plugins = ["tests.desk_world"]


def correction(document: str, **values: str) -> dict[str, str]:
    form = {
        "document": document, "title": "甲区值班规则", "doc_no": "甲政发〔2023〕1号", "issuer": "", "kind": "规则",
        "issued_on": "2023-02-15", "effective_on": "2023-02-15", "expires_on": "", "validity": "", "ended_by": "",
        "since": "",
    }  # fmt: skip
    return {**form, **values}


def test_a_title_is_corrected_shown_as_such_and_taken_back(world: World, desk: TestClient) -> None:
    done = desk.post("/desk/correct", data=correction("甲政发〔2023〕1号", title="甲区值守办法", kind="办法"))
    assert ZH.done["saved"] in done.text and "甲区值守办法" in done.text
    assert "甲区值班规则 → <strong>甲区值守办法" in done.text and "王五" in done.text
    assert world.live.ask("值班记录保存几天？").citations[0].title == "甲区值守办法"
    assert "甲区值守办法" in desk.get("/desk", params={"show": "corrected"}).text
    for field in ("title", "kind"):
        back = desk.post("/desk/take-back", data={"document": "甲政发〔2023〕1号", "field": field})
    assert ZH.done["taken_back"] in back.text and "甲区值守办法" not in back.text
    assert world.live.document("甲政发〔2023〕1号").corrections == ()


def test_a_validity_set_by_hand_is_told_in_the_answer(world: World, desk: TestClient) -> None:
    form = correction(
        "甲政发〔2023〕1号", validity="repealed", ended_by="甲政发〔2024〕5号", since="2024-05-01"
    )
    assert "甲政发〔2024〕5号" in desk.post("/desk/correct", data=form).text
    assert world.live.validity("甲政发〔2023〕1号").by_hand
    answer = world.live.ask("甲政发〔2023〕1号还有效吗？")
    assert "已废止，自2024年5月1日起，依据甲政发〔2024〕5号（人工认定）" in answer.text
    assert answer.citations[0].validity.status == "repealed"
    assert any("效力状态由人工认定" in note for note in answer.notes)


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("doc_no", "甲政发2023一号", "doc_no"),
        ("title", "  ", "title"),
        ("issued_on", "2023-02-30", "day"),
        ("expires_on", "2022-01-01", "order"),
        ("since", "昨天", "day"),
        ("validity", "lost", "validity"),
        ("doc_no", "甲政发[2023]2号", "twin"),
    ],
)
def test_a_correction_that_makes_no_sense_keeps_what_was_typed_and_says_why(
    still: World, still_desk: TestClient, field: str, value: str, problem: str
) -> None:
    refused = still_desk.post(
        "/desk/correct", data=correction("甲政发〔2023〕1号", issuer="甲区人民政府", **{field: value})
    )
    assert refused.status_code == 422 and 'value="甲区人民政府"' in refused.text
    assert ZH.problems[problem].format(title="甲区会议规则", source="meeting.txt") in refused.text
    assert not still.config.corrections_file.exists() and still.updates.asked == []


def test_of_two_documents_with_one_number_each_can_be_corrected(world: World, desk: TestClient) -> None:
    (world.corpus / "other.txt").write_text(rules(1, "公章"), encoding="utf-8")
    world.updates.ask_for_update()
    second = world.live.document("甲政发〔2023〕1号~2")
    form = correction(second.document_id, title=second.title, issuer="甲区人民政府")
    assert ZH.done["saved"] in desk.post("/desk/correct", data=form).text
    assert world.live.document("甲政发〔2023〕1号~2").issuer == "甲区人民政府"
    assert world.live.document("甲政发〔2023〕1号").issuer is None
    desk.post("/desk/correct", data={**form, "doc_no": "甲政发〔2023〕3号"})
    assert world.live.document("甲政发〔2023〕3号").title == "甲区公章规则"
    assert [d.document_id for d in world.live.documents if "~" in d.document_id] == []


def test_a_document_without_a_title_can_be_given_a_day(world: World, desk: TestClient) -> None:
    (world.corpus / "bare.txt").write_text("第一条 材料送办公室。\n第二条 记录保存三天。\n", encoding="utf-8")
    world.updates.ask_for_update()
    (bare,) = (document for document in world.live.documents if document.source == "bare.txt")
    form = correction(bare.document_id, title=bare.title, doc_no="", kind="", effective_on="")
    assert ZH.done["saved"] in desk.post("/desk/correct", data=form).text
    (bare,) = (document for document in world.live.documents if document.source == "bare.txt")
    assert str(bare.issued_on) == "2023-02-15" and not bare.title


def test_the_second_of_two_editors_sees_what_the_first_did(world: World, desk: TestClient) -> None:
    page = desk.get("/desk/correct", params={"document": "甲政发〔2023〕1号"}).text
    seen = page.split('name="seen" value="')[1].split('"')[0]
    form = correction("甲政发〔2023〕1号", seen=seen)
    with world.client(desk_router(world.services), name="赵六") as other:
        other.post("/desk/correct", data={**form, "title": "甲区值守办法"})
    late = desk.post("/desk/correct", data={**form, "issuer": "甲区人民政府"})
    assert late.status_code == 409 and ZH.meanwhile.format(by="赵六") in late.text
    assert 'value="甲区人民政府"' in late.text
    assert world.live.document("甲政发〔2023〕1号").title == "甲区值守办法"


def test_a_correction_of_a_changed_file_is_listed_until_it_is_adopted_or_dropped(
    world: World, desk: TestClient
) -> None:
    desk.post("/desk/correct", data=correction("甲政发〔2023〕1号", title="甲区值守办法"))
    asked = upload(desk, "duty.txt", rules(1, "值班", 90))
    desk.post("/desk/staged", data={"token": asked["token"], "replace": "1"})
    assert world.live.document("甲政发〔2023〕1号").title == "甲区值班规则"
    listed = desk.get("/desk").text
    assert ZH.unapplied_title in listed and ZH.unapplied["changed"] in listed
    digest = listed.split('name="digest" value="')[1].split('"')[0]
    desk.post("/desk/unapplied", data={"digest": digest, "document": "甲政发〔2023〕1号"})
    assert world.live.document("甲政发〔2023〕1号").title == "甲区值守办法"
    (world.corpus / "duty.txt").unlink()
    world.updates.ask_for_update()
    listed = desk.get("/desk").text
    assert ZH.unapplied["gone"] in listed
    digest = listed.split('name="digest" value="')[1].split('"')[0]
    assert ZH.unapplied_title not in desk.post("/desk/unapplied", data={"digest": digest}).text


def test_corrections_that_cannot_be_written_are_told_and_the_old_ones_stay(
    world: World, desk: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.post("/desk/correct", data=correction("甲政发〔2023〕1号", title="甲区值守办法"))
    before = world.config.corrections_file.read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("ingest.corrections.os.replace", full)
        refused = desk.post(
            "/desk/correct", data=correction("甲政发〔2023〕2号", doc_no="甲政发〔2023〕2号", title="新")
        )
    assert refused.status_code == 507 and "磁盘已满" in refused.text
    folder = world.config.corrections_file.parent
    assert world.config.corrections_file.read_bytes() == before
    assert [path.name for path in folder.glob(".corrections*")] == []
    monkeypatch.setattr("web.desk.folder.LOCK_SECONDS", 0.1)
    with FileLock(f"{world.config.corrections_file}.lock"):
        busy = desk.post("/desk/take-back", data={"document": "甲政发〔2023〕1号", "field": "title"})
    assert ZH.errors["busy"] in busy.text and world.config.corrections_file.read_bytes() == before


def test_a_broken_file_of_corrections_is_told_and_not_overwritten(world: World, desk: TestClient) -> None:
    world.config.corrections_file.parent.mkdir(exist_ok=True)
    world.config.corrections_file.write_text("{", encoding="utf-8")
    refused = desk.post("/desk/correct", data=correction("甲政发〔2023〕1号", title="新"))
    assert refused.status_code == 500 and ZH.errors["corrections"].split("：")[0] in refused.text
    assert world.config.corrections_file.read_text(encoding="utf-8") == "{"
    assert desk.get("/desk").status_code == 200
