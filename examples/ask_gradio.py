"""Ask through Gradio's own client: python examples/ask_gradio.py"""

import os

from gradio_client import Client

URL = os.environ.get("GONGWEN_URL", "http://127.0.0.1:7860")
KEY = os.environ.get("GONGWEN_KEY")
client = Client(URL, headers={"Authorization": f"Bearer {KEY}"} if KEY else None, verbose=False)
question = "平谷区政府常务会议多久召开一次？"
answer = client.predict(question, api_name="/ask")
print(answer["status"], answer["text"])
follow_up = client.predict("那通州呢？", [[question, answer["text"]]], api_name="/ask")
print(follow_up["notes"], follow_up["text"])
