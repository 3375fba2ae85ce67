"""Follow an answer as it grows (Server-Sent Events): python examples/ask_stream.py"""

import json
import os

import httpx

URL = os.environ.get("GONGWEN_URL", "http://127.0.0.1:7860").rstrip("/")
KEY = os.environ.get("GONGWEN_KEY")
HEADERS = {"Authorization": f"Bearer {KEY}"} if KEY else {}

event = ""
asked = {"question": "平谷、西城、通州的政府常务会议分别多久召开一次？"}
with httpx.stream("POST", f"{URL}/api/v1/ask/stream", json=asked, headers=HEADERS, timeout=120) as response:
    if response.is_error:
        raise SystemExit(response.read().decode())
    for line in response.iter_lines():  # leave the loop to stop the work on the answer
        if line.startswith("event: "):
            event = line.removeprefix("event: ")
        elif line.startswith("data: "):
            data = json.loads(line.removeprefix("data: "))
            print(event, data.get("text") or data)
            for side in data.get("comparison", []):
                print("-", side["name"], side["text"])
