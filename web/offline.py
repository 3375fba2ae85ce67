"""Settings that must stand in the environment before Gradio is imported: no analytics, no hub."""

from __future__ import annotations

import os

ALWAYS = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_SHARE": "False",
    "GRADIO_RUN_HISTORY": "False",
    # Gradio sums up the times of all events after each one, for a page that is not served here: never.
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
    # Gradio asks matplotlib for its back end around each event, and the first answer is a second late.
    "MPLBACKEND": "agg",
}
UNLESS_SET = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}


def go_offline() -> None:
    """Put the settings into this process's environment; import Gradio only after this.

    HF_HUB_OFFLINE=0 in front of the command lets a model that the config names be downloaded once.
    """
    os.environ.update(ALWAYS)
    for name, value in UNLESS_SET.items():
        os.environ.setdefault(name, value)
