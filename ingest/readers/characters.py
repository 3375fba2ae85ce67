"""The commonest Chinese characters: what text decoded rightly is full of, and text decoded wrongly is not."""

from __future__ import annotations

from collections import Counter

# The 600 most frequent of laws, government reports and encyclopedia articles: five sixths of any running text.
SIMPLIFIED = (
    "的和人国一年在中有为业大是会行以发政民生地学建理用作法工设部不应定市成主于化当经区上本进等产动时规个制全公要出管展加对体实了其关合务及新家方机分后与物者保开门同能日可位高之文力他重水事员代由资自到性现"
    "提或并社改下施内长府月所安度多来得入三通面立而二系基平量过场利名第城外这共科强持期各济教任十电品海子统计服单推使相增前道表种构元组质处们特农护治项级数划被路程条也五技义责西金运活因企目育最间式标结向斯"
    "常委小军明点议万将取世收信术交四总线原台正权支源域东革办南车此我好心造就营美山监供件村专报县职至准形但创北从依称两色照反调据放意都环联比决领研起导指情防次院集更接商医战布格类天费例织完按球广境尔州德如"
    "范案口究续投查队效亚然省里解达些受气影乡克整林求际约深备列协界步变则认无赛根证型港具华流督居需书题史批置审维包节未转传拉论律优镇团少已参确善积坚族问马态消司策孙党复命核别采快果风女校先预违群属说士站价"
    "手执食升况众款息还王举非引选告给英首视卫始负历验身做极排见百知清养局直语除算演争著记只观许财测较河融止配稳健料米近网游助检限存令障土必精铁落星益险字该予围乐超模素促带修空神今号江纳古房纪六住控张阴兰示"
    "香严九易继罗京没评去八装志污率功即括很图岛容筑扩获亿湾打值头回光器音低园兴花又它尼试每曾措老承础干请象版响普把疗急康且才适罚识均绿太培编奖巴周再热序离思励户苏染担失石突白速害千官药宣密宗想足着洲帝占病"
)  # fmt: skip
# What the same 600 are in traditional writing, where that differs.
TRADITIONAL = (
    "國爲為業會發學設應於當經區進產動時規個對體實關務機後與開門員資現並內長來過場這強濟電統計單種構組質處們農護項級數劃條義責運間標結軍點議萬將術總線臺權東辦車營監專報縣職準創從稱兩調據環聯決領導醫戰類費織"
    "廣爾範續隊亞裡裏達氣鄉際約備協變則認無賽證華書題審維節轉傳論優鎮團參確積堅問馬態孫黨復別採風預違羣屬說價執況衆眾還舉選給視衛負歷驗極見養語爭記觀許財測較穩網遊檢鐵險該圍樂帶號納紀張陰蘭嚴繼羅沒評裝汙圖"
    "島築擴獲億灣頭園興試礎幹請響療適罰識綠編獎熱離勵戶蘇擔藥佔"
)  # fmt: skip
COMMON = frozenset(SIMPLIFIED + TRADITIONAL)
ORDINARY_MARKS = frozenset("，。、；：？！“”‘’（）《》〈〉【】〔〕「」『』—…·～％　〇○①②③④⑤⑥⑦⑧⑨⑩※□■●○◆▲→×℃㎡")


def share_of_common(text: str) -> float:
    """Return the share of the common characters among all that are not ASCII, marks apart; 0 where there are none."""
    common = others = 0
    for char, count in Counter(text).items():
        if char in COMMON:
            common += count
        elif char > "\x7f" and char not in ORDINARY_MARKS and not "\uff01" <= char <= "\uff5e":
            others += count
    return common / (common + others) if common else 0.0
