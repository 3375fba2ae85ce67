"""Ask over HTTP with nothing but Python's own library: python examples/ask_http.py"""

import json
import os
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

URL = os.environ.get("GONGWEN_URL", "http://127.0.0.1:7860").rstrip("/")
HEADERS = {"Content-Type": "application/json"}
if key := os.environ.get("GONGWEN_KEY"):  # where the server has access control
    HEADERS["Authorization"] = f"Bearer {key}"


def call(path: str, body: object = None) -> dict:
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(URL + path, data=data, headers=HEADERS)) as response:
        return json.load(response)


answer = call("/api/v1/ask", {"question": "平谷区政府常务会议多久召开一次？", "as_of": "2024-01-01"})
print(answer["status"], answer["text"])
cited = answer["citations"][0]
print(cited["doc_no"], cited["label"], cited["validity"]["status"])

provision = call(f"/api/v1/provisions/{quote(cited['provision_id'], safe='')}")
print(provision["path"], provision["text"])

found = call(f"/api/v1/search?question={quote('常务会议')}&district={quote('西城')}&k=3")
for hit in found["hits"]:
    print(hit["rank"], hit["score"], hit["doc_no"], hit["label"])

try:
    call(f"/api/v1/documents/{quote('没有这份文件', safe='')}")
except HTTPError as error:
    print(error.code, json.load(error)["error"]["message"])
