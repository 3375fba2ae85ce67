"""Questions in, cited answers out: `from qa import Assistant`."""

from qa.answer import Answer, Citation, Progress
from qa.assistant import Assistant

__all__ = ["Answer", "Assistant", "Citation", "Progress"]
