"""Use the assistant as a model of OpenAI's protocol: python examples/ask_openai.py"""

import os

from openai import OpenAI

client = OpenAI(
    base_url=os.environ.get("GONGWEN_URL", "http://127.0.0.1:7860").rstrip("/") + "/v1",
    api_key=os.environ.get("GONGWEN_KEY", "none"),
)
messages = [{"role": "user", "content": "平谷区政府常务会议多久召开一次？"}]
completion = client.chat.completions.create(model="gongwen-qa", messages=messages)
message = completion.choices[0].message
print(message.content)
for citation in message.citations:  # beyond OpenAI's form
    print(citation["doc_no"], citation["label"], citation["quote"])

messages += [{"role": "assistant", "content": message.content}, {"role": "user", "content": "那通州呢？"}]
for chunk in client.chat.completions.create(model="gongwen-qa", messages=messages, stream=True):
    print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
