"""python -m web.mcp: the tools of the Model Context Protocol over standard input and output."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from config import Config, ConfigError, load_config
from web.__main__ import NotReady, open_assistant

if TYPE_CHECKING:
    from qa import Assistant


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until the input ends; return 0 then, 2 when a setting or the index does not serve."""
    parser = argparse.ArgumentParser(
        prog="python -m web.mcp", description="Serve the MCP tools over stdin and stdout."
    )
    parser.add_argument("--config", type=Path, default=None, metavar="FILE", help="default: config.yaml")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    try:
        config = load_config(options.config)
        assistant = open_assistant(options.config)
    except (ConfigError, NotReady) as error:
        print(f"web.mcp: {error}", file=sys.stderr)
        return 2
    serve(assistant, config, options.config)
    return 0


def serve(assistant: Assistant, config: Config, config_path: Path | None) -> None:
    """Answer until the input ends; the answers follow the corpus (corpus.follow_seconds)."""
    from qa.citations import mask_mobile_numbers
    from qa.live import LiveAssistant
    from web.api.answering import Answering
    from web.api.contents import Contents
    from web.api.tools import build_tools

    live = LiveAssistant(assistant, config_path)
    if config.corpus.follow_seconds:
        live.follow(config.corpus.follow_seconds)
    mask = mask_mobile_numbers if config.privacy.mask_mobile_numbers else str
    try:
        build_tools(Answering(live, config), Contents(live, mask)).run("stdio")
    finally:
        live.close()


if __name__ == "__main__":
    sys.exit(main())
