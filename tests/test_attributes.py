"""What kind of thing is asked for, and whether a text holds one."""

from __future__ import annotations

import pytest

from qa.attributes import untold


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [
        ("咨询电话是多少？", "由区人力社保局负责解释。", "电话"),
        ("咨询电话是多少？", "咨询电话：010-69961234。", None),
        ("什么时候电话预约？", "5月10日起电话预约。", None),  # the telephone is only the means
        ("公园门票票价多少？", "公园每日开放。", "金额"),
        ("公园门票票价多少？", "成人票20元，儿童免费。", None),
        ("在哪里办理居住证？", "居住证由公安机关核发。", "地点"),
        ("在哪里办理居住证？", "居住证到居住地派出所办理。", None),
        ("遇到停电应如何处理？", "应启用备用电源。", None),  # 如何处理 asks for no place
        ("报销比例", "建立多层次医疗保障体系。", "比例"),
        ("报销比例", "门诊报销比例为80%。", None),
        ("试用期从哪天起算？", "试用期一年。", "起算时间"),
        ("试用期从哪天起算？", "试用期自任命之日起计算。", None),
        ("董事长的年龄上限是多少？", "董事会由九人组成。", "出生年月"),
        ("汇报材料字数上限", "汇报材料应言简意赅。", "字数"),
        ("会议开多长时间？", "会议每周召开。", "时长"),
        ("会议开多长时间？", "会议一般不超过2小时。", None),
        ("申报截止日期", "符合条件的企业可以申报。", "截止时间"),
        ("申报截止日期", "企业应于6月30日前申报。", None),
        ("中标单位是哪家公司？", "责任单位：区水务局", "公司"),
        ("要盖几间房？", "宅基地面积不超过0.3亩。", "几间"),
        ("要配多少辆车？", "配备执法车3台。", None),
        ("how much does it cost?", "由区交通局负责。", "金额"),
    ],
)
def test_what_the_text_does_not_hold_is_named(question: str, text: str, missing: str | None) -> None:
    assert untold(question, text) == missing
