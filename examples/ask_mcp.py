"""Call the tools of the Model Context Protocol: python examples/ask_mcp.py

The server needs `mcp: true` below `web:` in its settings. With the argument --stdio it starts python -m web.mcp instead.
"""

import asyncio
import os
import sys

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import create_mcp_http_client, streamable_http_client

URL = os.environ.get("GONGWEN_URL", "http://127.0.0.1:7860").rstrip("/") + "/mcp"
KEY = os.environ.get("GONGWEN_KEY")
CONFIG = os.environ.get("GONGWEN_CONFIG")


async def main() -> None:
    if "--stdio" in sys.argv:
        options = ["-m", "web.mcp", *(["--config", CONFIG] if CONFIG else [])]
        server = stdio_client(StdioServerParameters(command=sys.executable, args=options))
    else:
        headers = {"Authorization": f"Bearer {KEY}"} if KEY else None
        server = streamable_http_client(URL, http_client=create_mcp_http_client(headers=headers))
    async with Client(server) as client:
        print([tool.name for tool in (await client.list_tools()).tools])
        told = await client.call_tool("ask", {"question": "平谷区政府常务会议多久召开一次？"})
        answer = told.structured_content
        print(answer["status"], answer["text"])
        where = answer["citations"][0]["provision_id"]
        provision = await client.call_tool("get_provision", {"provision_id": where})
        print(provision.structured_content["text"])
        held = await client.call_tool("check_validity", {"document": "京平政发[2023]2号"})
        print(held.structured_content["title"], held.structured_content["status"])


asyncio.run(main())
