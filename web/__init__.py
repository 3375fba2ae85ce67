"""The chat page."""

from web.offline import go_offline

go_offline()  # before any module of this package imports Gradio
