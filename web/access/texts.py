"""Every word of the log-in, of the account page and of refusals, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from web.access.passwords import LONGEST, SHORTEST


@dataclass(frozen=True)
class AccessTexts:
    """The strings of one language. `{…}` are filled in with str.format."""

    # log-in
    log_in_title: str
    log_in_lead: str
    name: str
    password: str
    log_in: str
    log_out: str
    forgotten: str
    refused: str
    locked: str  # {wait}
    logged_out: str
    ended: str
    seconds: str
    minutes: str
    # account
    account_title: str
    who: str
    roles: Mapping[str, str]
    roles_explained: Mapping[str, str]
    password_title: str
    password_now: str
    password_new: str
    password_again: str
    password_rule: str
    change: str
    faults: Mapping[str, str]  # passwords.Fault -> words
    wrong_now: str
    not_the_same: str
    sessions_title: str
    sessions_lead: str
    this_one: str
    device: str
    address: str
    since: str
    last_seen: str
    end: str
    end_named: str
    end_others: str
    unknown_device: str
    keys_title: str
    keys_lead: str
    note: str
    note_of_new: str
    note_example: str
    made: str
    used: str
    never: str
    make_key: str
    key_made: str
    key_once: str
    copy: str
    too_many_keys: str
    revoke: str
    revoke_named: str
    revoke_sure: str
    action: str
    done: Mapping[str, str]
    # refusals: code -> (title, words)
    refusals: Mapping[str, tuple[str, str]]
    back: str

    def wait(self, seconds: int) -> str:
        """Return how long to wait, as one would say it."""
        if seconds < 100:
            return self.seconds.format(seconds)
        return self.minutes.format(-(-seconds // 60))


ZH = AccessTexts(
    log_in_title="登录",
    log_in_lead="请用本单位为您开通的账号登录。",
    name="用户名",
    password="密码",
    log_in="登录",
    log_out="退出",
    forgotten="没有账号，或者忘了密码，请联系管理员。",
    refused="用户名或密码不对，请重新输入。",
    locked="尝试次数过多，请{wait}后再试。",
    logged_out="已退出登录。",
    ended="登录已过期，请重新登录。没有发送的问题已为您保留。",
    seconds="{} 秒",
    minutes="{} 分钟",
    account_title="我的账号",
    who="{name}，权限：{role}（{may}）",
    roles={"reader": "查阅", "editor": "编辑"},
    roles_explained={"reader": "可以提问、阅读文件", "editor": "可以提问、阅读文件，并维护文件库"},
    password_title="修改密码",
    password_now="现在的密码",
    password_new="新密码",
    password_again="再输一遍新密码",
    password_rule=f"至少 {SHORTEST} 个字符，不要用自己的用户名。修改后，其他设备上的登录随即失效。",
    change="修改密码",
    faults={
        "short": f"新密码太短：至少 {SHORTEST} 个字符。",
        "long": f"新密码太长：最多 {LONGEST} 个字符。",
        "name": "新密码与用户名太接近，请换一个。",
        "monotone": "新密码里不同的字符太少，请换一个。",
    },
    wrong_now="现在的密码不对，密码没有修改。",
    not_the_same="两遍新密码不一样，密码没有修改。",
    sessions_title="登录情况",
    sessions_lead="发现不是自己的登录，请结束它，并修改密码。",
    this_one="当前",
    device="设备",
    address="地址",
    since="登录时间",
    last_seen="最近使用",
    end="结束",
    end_named="结束 {device}（{address}）上的登录",
    end_others="结束其他所有登录",
    unknown_device="其他程序",
    keys_title="接口密钥",
    keys_lead="供程序以您的身份调用接口，请求头写作 Authorization: Bearer 密钥。不用的密钥请及时撤销。",
    note="用途",
    note_of_new="新密钥的用途",
    note_example="例如：办公自动化系统",
    made="生成时间",
    used="最近使用",
    never="未用过",
    make_key="生成密钥",
    key_made="新的密钥",
    key_once="密钥只显示这一次，请现在复制保存。",
    copy="复制",
    too_many_keys="密钥太多了，请先撤销不用的。",
    revoke="撤销",
    revoke_named="撤销密钥：{note}",
    revoke_sure="撤销后，正在使用这个密钥的程序将无法调用接口。确定撤销吗？",
    action="操作",
    done={
        "password": "密码已修改，其他设备上的登录已失效。",
        "session": "已结束登录。",
        "key": "密钥已撤销。",
    },
    refusals={
        "unauthorized": ("需要登录", "请先登录，或在请求头 Authorization: Bearer 中写明有效的密钥。"),
        "not_through_proxy": ("请从统一入口登录", "这个页面要从单位的统一入口登录后进入，不能直接访问。"),
        "forbidden": ("没有权限", "这个页面供编辑人员使用。需要权限请联系管理员。"),
        "needs_session": ("请用浏览器登录", "账号只能登录后在页面上管理，不能用密钥管理。"),
        "foreign_page": ("请求被拒绝", "请求来自其他网站的页面，没有执行。请直接在本页面操作。"),
        "unknown_host": (
            "地址未登记",
            "不能用“{host}”这个名称访问。请使用管理员告知的地址；管理员可在 config.yaml 的 web.public_host 中登记。",
        ),
        "too_large": ("内容太大", "请求内容超过 {limit}，没有接收。"),
        "too_many_requests": ("请求太频繁", "每分钟最多 {limit} 次，请{wait}后再试。"),
    },
    back="回到首页",
)

EN = AccessTexts(
    log_in_title="Log in",
    log_in_lead="Log in with the account that your office gave you.",
    name="Name",
    password="Password",
    log_in="Log in",
    log_out="Log out",
    forgotten="No account, or the password forgotten: ask the administrator.",
    refused="Name or password is wrong; please try again.",
    locked="Too many attempts; please try again in {wait}.",
    logged_out="You are logged out.",
    ended="Your log-in has ended; please log in again. A question that was not sent is kept.",
    seconds="{} seconds",
    minutes="{} minutes",
    account_title="My account",
    who="{name}, {role}: {may}",
    roles={"reader": "reader", "editor": "editor"},
    roles_explained={
        "reader": "may ask and read documents",
        "editor": "may ask and read documents, and look after the corpus",
    },
    password_title="Change the password",
    password_now="Present password",
    password_new="New password",
    password_again="New password again",
    password_rule=(
        f"At least {SHORTEST} characters, not your name. Log-ins on other devices end with the change."
    ),
    change="Change password",
    faults={
        "short": f"The new password is too short: at least {SHORTEST} characters.",
        "long": f"The new password is too long: at most {LONGEST} characters.",
        "name": "The new password is too much like the name; choose another.",
        "monotone": "The new password has too few different characters; choose another.",
    },
    wrong_now="The present password is wrong; nothing was changed.",
    not_the_same="The new password was not typed the same twice; nothing was changed.",
    sessions_title="Log-ins",
    sessions_lead="If one of them is not yours, end it and change the password.",
    this_one="this one",
    device="Device",
    address="Address",
    since="Since",
    last_seen="Last used",
    end="End",
    end_named="End the log-in of {device} ({address})",
    end_others="End all other log-ins",
    unknown_device="another program",
    keys_title="API keys",
    keys_lead=(
        "With a key a program calls the interfaces in your name: Authorization: Bearer KEY. Revoke those not in use."
    ),
    note="For what",
    note_of_new="What a new key is for",
    note_example="such as: the office's workflow system",
    made="Made",
    used="Last used",
    never="never",
    make_key="Make a key",
    key_made="The new key",
    key_once="It is shown this once: copy it now.",
    copy="Copy",
    too_many_keys="There are too many keys; revoke those not in use first.",
    revoke="Revoke",
    revoke_named="Revoke the key: {note}",
    revoke_sure="Programs that use this key will be refused. Revoke it?",
    action="Action",
    done={
        "password": "The password is changed; log-ins on other devices have ended.",
        "session": "The log-in has ended.",
        "key": "The key is revoked.",
    },
    refusals={
        "unauthorized": ("Log in first", "Log in, or send a valid key as Authorization: Bearer KEY."),
        "not_through_proxy": (
            "Log in at the entrance",
            "This page is reached by logging in at your office's entrance, not directly.",
        ),
        "forbidden": ("Not allowed", "This page is for editors. Ask the administrator if you need it."),
        "needs_session": (
            "Log in with a browser",
            "An account is looked after on its page, after log-in, not with a key.",
        ),
        "foreign_page": (
            "Refused",
            "The request came from a page of another site and was not carried out. Please use this site's own pages.",
        ),
        "unknown_host": (
            "Unknown name",
            "“{host}” is not a name of this server. Use the address that the administrator gave you; "
            "administrators list it as web.public_host in config.yaml.",
        ),
        "too_large": ("Too large", "The request has more than {limit} and was not taken."),
        "too_many_requests": (
            "Too many requests",
            "At most {limit} in a minute; please try again in {wait}.",
        ),
    },
    back="To the first page",
)

ACCESS_TEXTS = {"zh": ZH, "en": EN}
