"""Ask from Python, in the same process: python examples/ask_library.py"""

import os

from qa import Assistant

assistant = Assistant.open(os.environ.get("GONGWEN_CONFIG"))  # None: config.yaml; builds or updates the index
answer = assistant.ask("平谷区政府常务会议多久召开一次？")
print(answer.status, answer.text)
for citation in answer.citations:
    print(
        f"〔{citation.marker}〕《{citation.title}》（{citation.doc_no}）{citation.label}",
        citation.validity.status,
    )

history = [(answer.question, answer.text)]
print(assistant.ask("那通州呢？", history=history).text)
