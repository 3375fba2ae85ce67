"""The pages beside the chat: plain HTML made on the server."""
