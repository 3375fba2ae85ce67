"""Questions in, cited answers out: `from qa import Assistant`."""

from qa.answer import Answer, Citation, Progress
from qa.assistant import Assistant
from qa.explain import Explanation

__all__ = ["Answer", "Assistant", "Citation", "Explanation", "Progress"]
