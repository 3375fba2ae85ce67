"""A corpus of two districts written out here: what it holds is known to the letter.

甲山区: rules of 2018 and of 2023 (which repeal them), a notice, a plan with fields, a table, appointments, a footnote.
乙川区: rules numbered 一、二、 through all chapters.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from config import Config, parse_config
from index.build import update_index
from qa.assistant import Assistant
from qa.query import Query, parse_question

RULES_2018 = """甲政发〔2018〕7号

甲山区人民政府关于印发《甲山区人民政府工作规则》的通知

各镇人民政府、各街道办事处，区政府各委、办、局：
现将《甲山区人民政府工作规则》印发给你们，请认真贯彻落实。

甲山区人民政府
2018年5月1日

甲山区人民政府工作规则

第一章 总则
第一条 为规范区政府工作，制定本规则。
第二章 会议制度
第二条 区政府常务会议一般每两周召开1次，必要时随时召开。
第三条 会议议题材料应于会议召开前2个工作日报送区政府办公室。
第三章 附则
第四条 本规则自发布之日起施行。
"""

RULES_2023 = """甲政发〔2023〕2号

甲山区人民政府关于印发《甲山区人民政府工作规则》的通知

各镇人民政府、各街道办事处，区政府各委、办、局：
现将《甲山区人民政府工作规则》印发给你们，请认真贯彻落实。

甲山区人民政府
2023年2月15日

甲山区人民政府工作规则

第一章 总则
第一条 为规范区政府工作，制定本规则。
第二条 切实履行维护区域“四个安心1”重大职责，统筹推进各项工作，及时研究解决经济社会发展中的突出问题，不断
提高治理能力和水平，让人民群众有更多获得感、幸福感和安全感，确保各项决策部署不折不扣贯彻落实到每一个基层
单位、每一名工作人员。

1
 四个安心：吃得安心、住得安心、行得安心、学得安心。

第二章 会议制度
第三条 区政府常务会议的主要任务是：
（一）传达上级重要会议精神；
（二）讨论通过区政府规范性文件；
（三）审议年度财政预算草案。
第四条 区政府常务会议一般每周召开1次，必要时随时召开。
第五条 会议议题材料应于会议召开前3个工作日报送区政府办公室。
第六条 区政府全体会议由区长召集和主持，一般每季度召开1次。
第三章 附则
第七条 本规则自2023年3月1日起施行，《甲山区人民政府关于印发甲山区人民政府工作规则的通知》（甲政发〔2018〕7号）、《甲山区公文处理办法》（甲政发〔2011〕3号）同时废止。
"""

RULES_YICHUAN = """乙政发〔2022〕1号

乙川区人民政府关于印发《乙川区人民政府工作规则》的通知

各镇人民政府：
现将《乙川区人民政府工作规则》印发给你们，请遵照执行。

乙川区人民政府
2022年1月12日

乙川区人民政府工作规则

第一章 总则
一、为规范区政府工作，制定本规则。
第二章 会议制度
二、区政府常务会议一般每月召开2次，由区长召集和主持。
三、会议纪要的签发程序：
（一）会议纪要由承办部门起草；
（二）会议纪要由区长签发。
四、会议议题材料应于会议召开前7个工作日报送区政府办公室。
第三章 附则
五、本规则自发布之日起施行。
"""

NOTICE = """甲政办发〔2022〕5号

甲山区人民政府办公室关于做好生活垃圾分类工作的通知

各镇人民政府、各街道办事处：
现就生活垃圾分类工作有关事项通知如下。

一、总体要求
全区生活垃圾分类达标率不低于90%。
二、重点任务
（一）加强宣传
1.各社区每月开展1次垃圾分类宣传活动。
2.各学校每学期组织2次垃圾分类主题班会。
（二）规范收运
厨余垃圾由区城市管理委组织每日清运，清运时间为早6时至8时。
三、保障措施
对未按规定分类投放垃圾的单位，处5000元罚款。

甲山区人民政府办公室
2022年6月10日
"""

PROJECTS = """甲政发〔2023〕1号

甲山区人民政府关于印发《甲山区2023年重要民生实事项目》的通知

各镇人民政府、各街道办事处：
现将《甲山区2023年重要民生实事项目》印发给你们，请抓紧组织实施。

甲山区人民政府
2023年1月9日

甲山区2023年重要民生实事项目

一、完善公共设施（2项）
1.新建体育公园3处，改造老旧健身步道12公里。
主责单位：区体育局
完成时限：2023年10月
2.为20个老旧小区加装电梯60部。
主责单位：区住房城乡建设委
完成时限：2023年12月
二、提升公共服务（1项）
3.新增普惠性学前教育学位800个。
主责单位：区教委
完成时限：2023年9月
"""

TABLE = """甲政发〔2021〕11号

甲山区人民政府关于印发《甲山区2021年交通整治行动计划》的通知

各镇人民政府、各街道办事处：
现将《甲山区2021年交通整治行动计划》印发给你们，请认真落实。

甲山区人民政府
2021年5月7日

甲山区2021年交通整治行动计划

一、工作目标
缓解道路拥堵，规范停车秩序。

附件
拥堵点位治理台账
序号\t点位\t存在问题\t治理措施\t负责人
1\t石桥路口\t车辆乱停乱放\t特勤人员值守疏导\t张三 13241522207
2\t北门大卖场\t购物客流导致拥堵\t卖场安排人员疏导\t李四 13812345678
3\t东湖小学\t接送车辆聚集\t设置临时停车区\t王五 010-69961234
"""

APPOINTMENTS = """甲政发〔2023〕4号

甲山区人民政府关于干部任免职的通知

各镇人民政府、各街道办事处：
甲山区人民政府2023年3月27日决定：
任命：
陈立同志任区水务局局长；
周敏同志任区财政局副局长。
免去：
吴刚同志的区水务局局长职务。

甲山区人民政府
2023年3月27日
"""

FILES = {
    "old-rules.txt": RULES_2018, "current-rules.txt": RULES_2023, "yichuan.txt": RULES_YICHUAN,
    "notice.txt": NOTICE, "projects.txt": PROJECTS, "table.txt": TABLE, "appointments.txt": APPOINTMENTS,
}  # fmt: skip
OLD_RULES, NEW_RULES, YICHUAN_RULES = "甲政发〔2018〕7号", "甲政发〔2023〕2号", "乙政发〔2022〕1号"
TODAY = date(2024, 1, 1)


def config_of(root: Path, **sections: object) -> Config:
    """Return the config of the folder `root` with its corpus/ and index/, changed by `sections`."""
    own = {"corpus": {"path": str(root / "corpus")}, "index": {"path": str(root / "index")}}
    return parse_config({**own, **sections}, root=root, name="test.yaml")


def write_small_corpus(root: Path) -> Config:
    """Write the files below `root`/corpus, build their index and return the config that opens it."""
    (root / "corpus").mkdir(parents=True)
    for name, text in FILES.items():
        (root / "corpus" / name).write_text(text, encoding="utf-8")
    config = config_of(root)
    update_index(config, report=lambda line: None)
    return config


def parse(
    assistant: Assistant,
    question: str,
    *,
    as_of: date | None = None,
    today: date = TODAY,
    home_issuer: str = "",
) -> Query:
    return parse_question(question, assistant.catalog, today=today, as_of=as_of, home_issuer=home_issuer)
