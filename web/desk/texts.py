"""The words of the corpus desk, in Chinese and in English."""

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
    correction_line: str
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


ZH = DeskTexts(
    title="文件管理",
    subtitle="放入、核对、更正和移除库中的文件。",
    drop="把文件拖到这里，可以一次放多个",
    choose="选择文件",
    upload="上传",
    into="放入",
    top_folder="库的根目录",
    kinds="可读的格式：{}",
    kinds_summary="可以放入哪些文件",
    limit="单个文件不超过 {} MB",
    files_label="要放入的文件",
    outcomes={
        "sending": "正在上传",
        "added": "已放入",
        "replaced": "已替换，旧文件在回收站",
        "same": "与库中同名文件完全相同，未作改动",
        "exists": "库中已有同名文件。要用这份替换吗？旧文件会移到回收站。",
        "refused": "没有放入",
        "kept": "保留原有文件，这份没有放入",
        "lost": "与服务器的连接中断了，没有放入。请重试。",
    },
    replace="替换",
    keep="不替换",
    upload_title="上传结果",
    back="返回文件管理",
    steps={
        "idle": "索引是最新的",
        "asked": "即将更新索引",
        "reading": "正在读取文件",
        "embedding": "正在编入索引",
        "opening": "正在换上新索引",
        "ready": "索引已更新",
        "failed": "更新没有成功，仍由原来的索引作答。排除原因后可点“重建索引”再试。",
    },
    failed_for="更新没有成功：{}。仍由原来的索引作答；排除原因后可点“重建索引”再试。",
    details="查看原因",
    index_of="更新期间仍由原来的索引作答，新的完整建成后才会换上。",
    not_following="这个服务没有跟随文件库更新；改动要在重新启动后才会生效。",
    shows={
        "all": "全部",
        "doubtful": "有疑点",
        "left_out": "未能读取",
        "waiting": "等待更新",
        "corrected": "有更正",
    },
    search="查找文件",
    search_hint="文件名、文号或标题",
    find="查找",
    columns=("文件", "读出的公文", "条款", "疑点"),
    states={"read": "已编入", "left_out": "未能读取", "waiting": "等待编入", "gone": "已移除，等待更新"},
    none_here="库里还没有文件。把第一份文件拖到上面即可。",
    none_found="没有符合的文件。",
    counted="共 {files} 个文件、{documents} 份公文、{provisions} 个条款",
    documents_of="共 {} 份公文",
    provisions_of="{} 个条款",
    doubts_of="{} 处",
    corrected="有更正",
    trash="回收站",
    rebuild="重建索引",
    rebuild_question="重建整个索引？",
    rebuild_told="所有文件将重新读取、重新编入，文件多时需要较长时间。期间照常作答。人工更正会保留。",
    rebuild_do="开始重建",
    cancel="取消",
    remove="移除",
    remove_question="移除“{}”？",
    remove_told="移除后，下列公文不再用于作答。文件会移到回收站，可以随时放回；对它的更正也会保留。",
    remove_do="移到回收站",
    trash_title="回收站",
    trash_told="移除或被替换的文件都在这里，位于 {}。要释放磁盘空间，请由管理员清理这个文件夹。",
    trash_empty="回收站是空的。",
    trash_why={"removed": "移除", "replaced": "被新文件替换"},
    restore="放回",
    file_facts={
        "size": "大小",
        "changed": "修改时间",
        "encoding": "格式或编码",
        "pages": "页数",
        "characters": "字数",
    },
    file_doubts="疑点",
    no_doubts="没有发现疑点。",
    more_doubts="其余 {} 处",
    no_documents="这个文件里没有读出公文。",
    gone_told="这个文件已不在库中，索引更新之前仍会用来作答。",
    waiting_told="这个文件还没有编入索引，更新之后可以在这里看到读出的内容。",
    left_out_told="这个文件未能读取，不用于作答：",
    labels="条款目录",
    unlabelled="（无编号）",
    read_it="到阅览室查看",
    correct="更正",
    line="第 {} 行",
    page="第 {} 页",
    fields={
        "doc_no": "文号",
        "title": "标题",
        "issuer": "发文机关",
        "kind": "文种",
        "issued_on": "发文日期",
        "effective_on": "施行日期",
        "expires_on": "失效日期",
        "validity": "效力",
    },
    correct_title="更正公文信息",
    correct_told="改成正确的内容即可，没有改动的项不受影响。更正在重新读取文件后仍然有效，关系和效力会随之重新推定。",
    as_read="读出：{}",
    none="无",
    computed="按文件内容推定",
    status="状态",
    ended_by="依据",
    ended_by_help="废止或代替它的文件的文号或标题，没有可不填",
    since="起始日期",
    since_help="自哪一天起；不填表示一直如此",
    save="保存更正",
    problems={
        "doc_no": "文号应为“京平政发〔2023〕2号”的形式。",
        "title": "标题不能为空，也不能过长。",
        "text": "内容过长，或含有不能使用的字符。",
        "day": "没有这一天，请按 2023-02-15 的形式填写。",
        "order": "失效日期应在施行日期之后。",
        "twin": "这样会与另一份公文相同：{title}（{source}）。请核对文号、标题和日期。",
        "validity": "请从列表中选择。",
    },
    corrections_title="已有的更正",
    correction_line="{old} → {new}",
    ended_line="依据{by}",
    take_back="撤回",
    somebody="未登录的用户",
    pending="已保存，索引更新后生效",
    unapplied_title="没有用上的更正",
    unapplied={
        "gone": "原来的文件已不在库中",
        "changed": "文件有改动，更正时的原文已不在其中",
        "reread": "文件的读取方式变了，找不到原来的公文",
    },
    adopt="用于现在的公文",
    adopt_told="核对后仍然适用：用于“{}”",
    drop_entry="删除",
    meanwhile="在您填写期间，{by}更正了这份公文。下面是您填写的内容，请对照“已有的更正”核对后再保存。",
    done={
        "removed": "“{}”已移到回收站。",
        "restored": "“{}”已放回。",
        "saved": "更正已保存。",
        "unchanged": "没有改动，未作更正。",
        "taken_back": "更正已撤回。",
        "dropped": "更正已删除。",
        "adopted": "更正已用于现在的公文。",
        "rebuild": "已开始重建索引。",
        "added": "“{}”已放入。",
        "replaced": "“{}”已替换，旧文件在回收站。",
        "kept": "保留了原有的“{}”。",
        "same": "“{}”与库中文件完全相同，未作改动。",
    },
    errors={
        "no_such_file": "库中没有“{name}”，可能已被他人移除。",
        "no_such_folder": "库中没有文件夹“{name}”，可能已被他人移走。请重新打开本页。",
        "no_document": "索引里没有这份公文，可能刚刚更新过。请从文件列表重新打开。",
        "one_file": "设置里的 corpus.path 是单个文件（{name}），不能放入其他文件。请改为文件夹。",
        "staged_gone": "上传的文件已不在，可能已处理过或搁置超过一天。请重新上传。",
        "is_folder": "库中已有名为“{name}”的文件夹，请改名后再放入。",
        "trash_gone": "回收站里没有这个文件，可能已被放回或清理。",
        "restore_exists": "库中已有“{name}”，不能放回。请先移除或改名现有文件。",
        "trash_failed": "“{name}”不能移到回收站（{why}），因此没有改动。请管理员检查磁盘空间和写入权限。",
        "busy": "他人正在改动文件库，请稍后再试。没有改动。",
        "read_only": "文件库不能写入（{why}），没有改动。请管理员检查文件夹权限。",
        "disk_full": "磁盘已满，“{name}”没有写入，原有文件不受影响。请管理员腾出空间后再试。",
        "other": "“{name}”未能处理（{why}），没有改动。",
        "no_name": "文件名“{name}”不能使用，请改名后再放入。",
        "wrong_kind": "“{name}”的格式不能读取。可读的格式：{kinds}。",
        "passed_over": "“{name}”是说明性文件的名称，不会被读取。如确为公文，请改名后再放入。",
        "too_large": "文件过大，上限为 {limit} MB。请拆分后再放入，或由管理员调整 web.max_upload_mb。",
        "empty": "“{name}”是空文件。",
        "no_files": "没有选择文件。",
        "has_own": "这份公文已有自己的更正，请直接在其中修改。",
        "corrections": "更正文件不能读取，没有改动：{why}",
    },
    size="{} KB",
    previous="上一页",
    next="下一页",
    pages="分页",
    forbidden_title="没有权限",
    forbidden="这个页面只对编辑人员开放。如需使用，请联系管理员为您开通编辑权限。",
    to_chat="返回问答",
)

EN = DeskTexts(
    title="Corpus desk",
    subtitle="Put documents in, check how they were read, correct and remove them.",
    drop="Drop files here, several at once if you like",
    choose="Choose files",
    upload="Upload",
    into="Into",
    top_folder="the corpus folder itself",
    kinds="Formats that can be read: {}",
    kinds_summary="Which files can go in",
    limit="up to {} MB each",
    files_label="Files to put in",
    outcomes={
        "sending": "Uploading",
        "added": "Put in",
        "replaced": "Replaced; the old file is in the trash",
        "same": "The very same file is already there; nothing changed",
        "exists": "There is a file of this name. Replace it with this one? The old file goes to the trash.",
        "refused": "Not put in",
        "kept": "The old file stays; this one was not put in",
        "lost": "The connection was lost and the file was not put in. Please try again.",
    },
    replace="Replace",
    keep="Keep the old one",
    upload_title="What was uploaded",
    back="Back to the corpus desk",
    steps={
        "idle": "The index is up to date",
        "asked": "The index is about to be updated",
        "reading": "Reading files",
        "embedding": "Indexing",
        "opening": "Swapping in the new index",
        "ready": "The index was updated",
        "failed": "The update failed; the old index goes on answering. Mend the cause, then choose “Rebuild” to try again.",
    },
    failed_for="The update failed: {}. The old index goes on answering.",
    details="Show why",
    index_of="The old index answers until the new one is whole.",
    not_following="This server does not follow its corpus; changes take effect when it is started again.",
    shows={
        "all": "All",
        "doubtful": "Doubtful",
        "left_out": "Not readable",
        "waiting": "Waiting",
        "corrected": "Corrected",
    },
    search="Find a file",
    search_hint="File name, number or title",
    find="Find",
    columns=("File", "Documents read", "Provisions", "Doubts"),
    states={
        "read": "Indexed",
        "left_out": "Not readable",
        "waiting": "Waiting",
        "gone": "Removed, still indexed",
    },
    none_here="No files yet. Drop the first one above.",
    none_found="No file matches.",
    counted="{files} files, {documents} documents, {provisions} provisions",
    documents_of="{} documents in all",
    provisions_of="{} provisions",
    doubts_of="{}",
    corrected="corrected",
    trash="Trash",
    rebuild="Rebuild",
    rebuild_question="Rebuild the whole index?",
    rebuild_told="Every file is read and indexed again, which takes a while for many files. Questions are answered meanwhile. Corrections are kept.",
    rebuild_do="Rebuild now",
    cancel="Cancel",
    remove="Remove",
    remove_question="Remove “{}”?",
    remove_told="These documents will no longer be used for answers. The file goes to the trash and can be brought back; its corrections are kept.",
    remove_do="Move to the trash",
    trash_title="Trash",
    trash_told="Files that were removed or replaced, kept in {}. To free disk space, an administrator may empty that folder.",
    trash_empty="The trash is empty.",
    trash_why={"removed": "removed", "replaced": "replaced by a new file"},
    restore="Bring back",
    file_facts={
        "size": "Size",
        "changed": "Changed",
        "encoding": "Format or encoding",
        "pages": "Pages",
        "characters": "Characters",
    },
    file_doubts="Doubts",
    no_doubts="Nothing doubtful was found.",
    more_doubts="{} more",
    no_documents="No document was found in this file.",
    gone_told="This file is no longer in the corpus; it is used for answers until the index is updated.",
    waiting_told="This file is not indexed yet; what was read in it shows here after the update.",
    left_out_told="This file could not be read and is not used for answers:",
    labels="Labels",
    unlabelled="(no number)",
    read_it="Open in the reading room",
    correct="Correct",
    line="line {}",
    page="page {}",
    fields={
        "doc_no": "Number",
        "title": "Title",
        "issuer": "Issuer",
        "kind": "Kind",
        "issued_on": "Issued on",
        "effective_on": "Effective on",
        "expires_on": "Expires on",
        "validity": "Validity",
    },
    correct_title="Correct a document",
    correct_told="Change what is wrong; the rest stays as it is. Corrections outlast a new reading of the file, and relations and validity are worked out anew.",
    as_read="read as: {}",
    none="none",
    computed="as the documents say",
    status="State",
    ended_by="By",
    ended_by_help="number or title of what ended or replaced it, if any",
    since="Since",
    since_help="the first day; empty: always",
    save="Save corrections",
    problems={
        "doc_no": "A number looks like 京平政发〔2023〕2号.",
        "title": "A document needs a title, and not too long a one.",
        "text": "Too long, or with characters that cannot be used.",
        "day": "There is no such day; write 2023-02-15.",
        "order": "It must expire after it takes effect.",
        "twin": "That would make it the same as {title} ({source}). Check number, title and dates.",
        "validity": "Choose from the list.",
    },
    corrections_title="Corrections so far",
    correction_line="{old} → {new}",
    ended_line="by {by}",
    take_back="Take back",
    somebody="somebody not logged in",
    pending="saved, in effect once the index is updated",
    unapplied_title="Corrections that no longer apply",
    unapplied={
        "gone": "the file is no longer in the corpus",
        "changed": "the file has changed, and the text that was corrected is gone",
        "reread": "the file is now read in another way, and the document is not found",
    },
    adopt="Use for the document as it is now",
    adopt_told="Still right: use for “{}”",
    drop_entry="Delete",
    meanwhile="While you were typing, {by} corrected this document. Below is what you typed; compare it with the corrections so far, then save.",
    done={
        "removed": "“{}” is in the trash.",
        "restored": "“{}” is back.",
        "saved": "Corrections saved.",
        "unchanged": "Nothing was changed.",
        "taken_back": "The correction was taken back.",
        "dropped": "The corrections were deleted.",
        "adopted": "The corrections are used for the document as it is now.",
        "rebuild": "The rebuild has begun.",
        "added": "“{}” was put in.",
        "replaced": "“{}” was replaced; the old file is in the trash.",
        "kept": "The old “{}” stays.",
        "same": "“{}” is the very same file; nothing changed.",
    },
    errors={
        "no_such_file": "There is no “{name}” in the corpus; somebody may have removed it.",
        "no_such_folder": "There is no folder “{name}” in the corpus; load this page again.",
        "no_document": "This document is not in the index; it may just have been updated. Open it from the list of files.",
        "one_file": "corpus.path is a single file ({name}), nothing can be put in beside it. Set it to a folder.",
        "staged_gone": "The uploaded file is no longer there: it was dealt with, or waited for more than a day. Upload it again.",
        "is_folder": "There is a folder named “{name}”; rename the file.",
        "trash_gone": "This file is not in the trash; it may have been brought back or cleared.",
        "restore_exists": "There is a “{name}” in the corpus; remove or rename it first.",
        "trash_failed": "“{name}” cannot be moved to the trash ({why}), so nothing was changed. Ask an administrator to check disk space and rights.",
        "busy": "Somebody else is changing the corpus; try again. Nothing was changed.",
        "read_only": "The corpus cannot be written ({why}); nothing was changed. Ask an administrator to check the folder's rights.",
        "disk_full": "The disk is full; “{name}” was not written, and the files that were there are untouched.",
        "other": "“{name}” could not be dealt with ({why}); nothing was changed.",
        "no_name": "The file name “{name}” cannot be used; rename it.",
        "wrong_kind": "“{name}” is of a kind that cannot be read. Known: {kinds}.",
        "passed_over": "“{name}” is the name of a note about files, which is passed over. Rename it if it is a document.",
        "too_large": "The file is too large: at most {limit} MB. Split it, or have web.max_upload_mb raised.",
        "empty": "“{name}” is empty.",
        "no_files": "No file was chosen.",
        "has_own": "This document has corrections of its own; change those.",
        "corrections": "The file of corrections cannot be read, nothing was changed: {why}",
    },
    size="{} KB",
    previous="Previous",
    next="Next",
    pages="Pages",
    forbidden_title="Not allowed",
    forbidden="This page is for editors. Ask an administrator for that role if you need it.",
    to_chat="Back to the chat",
)

DESK_TEXTS = {"zh": ZH, "en": EN}
