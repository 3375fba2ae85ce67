"""What ingest says of doubts and of files left out, in Chinese; what is not known here is shown as ingest says it."""

from __future__ import annotations

import re

from ingest.document import Doubt
from web.rooms.doubt_texts import EN_DOUBTS, ZH_DOUBTS

# The beginning of what ingest says, and what stands for all of it.
ZH_REASONS = (
    (r"no provisions found", "没有读出条款。请核对这是不是公文。"),
    (r"the file is empty", "文件是空的。请放入内容或移除。"),
    (r"encrypted with a password|is protected by a password", "文件有密码保护。请另存一份没有密码的。"),
    (r"is encrypted in an unknown way", "文件加密方式未知。请另存一份未加密的。"),
    (r"a damaged PDF|no PDF, whatever", "PDF 已损坏，或其实不是 PDF。请重新保存或换一份。"),
    (r"a PDF without pages", "PDF 里没有页面。请换一份。"),
    (r"a damaged Word file|damaged: ", "Word 文件已损坏。请用 Word 打开后另存为 .docx。"),
    (r"damaged, or no Word document|LibreOffice could not read it", "文件已损坏、已加密或不是文档。请用 Word 或 WPS 打开后另存为 .docx。"),
    (r"LibreOffice took more than", "转换超时。请用 Word 打开后另存为 .docx。"),
    (r"needs LibreOffice", "读取这种格式需要安装 LibreOffice。请联系管理员安装，或另存为 .docx。"),
    (r"a Word file without text", "Word 文件里没有文字。"),
    (r"no text, only \d+ pictures", "里面只有图片，没有文字。请打印为 PDF，或放入扫描页的图片。"),
    (r"a zip archive but no Word|an Office file but no Word|.+ under the name ", "文件内容与扩展名不符。请用正确的格式另存。"),
    (r".* declares a document type", "文件结构异常。请用 Word 另存为 .docx。"),
    (r".* unpacks to more than|\d+ MB, more than", "文件过大。请拆分后再放入。"),
    (r"binary data, not text", "不是文本文件。请另存为 UTF-8 文本。"),
    (r"(neither UTF-8|its characters are neither|marked as )", "字符编码不能识别。请另存为 UTF-8。"),
    (r"decoded as .* it is no Chinese text|no readable text|looks like noise", "读出的不是可读的文字。请核对文件和编码。"),
    (r".* is not read; known", "这种格式不能读取。"),
    (r"a picture in which no text", "图片里没有识别出文字。请核对是否空白或清晰度不足（低于 150 dpi）。"),
    (r"a picture of|no picture of a known kind|a damaged picture", "图片过大、已损坏或格式不明。请按 300 dpi 重新扫描。"),
    (r"a web archive that|a web page without|an empty web page|a web page too deeply", "网页里没有可读的正文。请在完整显示后重新保存。"),
    (r"a scan, and", "扫描件，但文字识别组件没有安装。请联系管理员。"),
    (r"not read within (\d+) seconds", "读取超过 {0} 秒，已放弃。请拆分后再放入。"),
    (r"reading it ended the process|the reader failed on it", "读取时程序出错，其他文件不受影响。请把这个文件交给管理员。"),
    (r"a link to a folder|a folder that cannot", "文件夹不能打开，其中的文件没有读取。"),
    (r".*(Permission denied|Errno 13)", "没有读取权限。请联系管理员。"),
)  # fmt: skip

# What is found in what a failed update says.
ZH_FAILURES = (
    (r"no list of corrections|cannot be read \(.*corrections", "更正文件不能读取"),
    (r"no such file or folder", "找不到文件库的文件夹"),
    (r": no files; put documents", "文件库里没有文件"),
    (r"holds no text to index", "文件库里没有可以读取的文件"),
    (r"No space left|Errno 28", "磁盘已满"),
    (r"Read-only file system|Permission denied|Errno (?:13|30)", "索引文件夹不能写入"),
    (r"another process updates", "另一个程序正在更新索引"),
    (r"MemoryError|Cannot allocate memory", "内存不足"),
    (r"Milvus|server", "索引服务器没有响应"),
)  # fmt: skip


def failure_words(message: str, language: str) -> str:
    """Return why an update failed, in a few words of Chinese where the cause is known; "" for what is not."""
    if language != "zh":
        return ""
    return next((words for pattern, words in ZH_FAILURES if re.search(pattern, message)), "")


def doubt_words(doubt: Doubt, language: str) -> str:
    """Return what is doubtful, in words."""
    return (ZH_DOUBTS if language == "zh" else EN_DOUBTS)[doubt.kind]


def reason_words(reason: str, language: str) -> str:
    """Return why a file was left out, in the page's language where these words are known."""
    if language == "zh":
        for pattern, words in ZH_REASONS:
            if match := re.match(pattern, reason):
                return words.format(*match.groups())
    return reason
