"""The ways in for other programs: HTTP with OpenAPI, the protocols of OpenAI and MCP, and Gradio's own client."""
