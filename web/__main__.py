"""python -m web: open the assistant (its index is built or updated first when stale) and serve the page."""

from __future__ import annotations

import argparse
import errno
import logging
import socket
import sys
import webbrowser
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from config import Config, ConfigError, WebConfig, load_config
from web.access.checks import check_access, check_people
from web.records.database import Database, DatabaseError, open_database

if TYPE_CHECKING:
    from qa import Assistant

WARMING_QUESTION = "会议多久召开一次？"


class NotReady(RuntimeError):
    """The corpus, the index or the encoder cannot be used; the message says why and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; return 0 then, 2 when a setting or the port does not serve."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
    )
    try:
        config = load_config(options.config)
        config = replace(config, web=_with_options(config.web, options.host, options.port))
        check_access(config.web)
        _check_port(config.web)
        database = open_database(config.web.database, root=config.root)
        check_people(config.web, database)
        assistant = open_assistant(options.config)
    except (ConfigError, DatabaseError, OSError, NotReady) as error:
        print(f"web: {error}", file=sys.stderr)
        return 2
    serve(assistant, config, database, options.config)
    return 0


def open_assistant(config_path: Path | None) -> Assistant:
    """Return the assistant, its index built or updated and its encoder loaded. Raises NotReady."""
    from index.encoder import EncoderError  # slow imports: --help and a misspelt setting need none of them
    from index.store import IndexUnusable
    from ingest.corpus import CorpusError
    from qa import Assistant

    try:
        assistant = Assistant.open(config_path)
        assistant.search(WARMING_QUESTION, k=1)  # loads the encoder now, not at a visitor's first question
    except (CorpusError, IndexUnusable, EncoderError) as error:
        raise NotReady(str(error)) from error
    return assistant


def serve(assistant: Assistant, config: Config, database: Database, config_path: Path | None = None) -> None:
    """Serve the pages until interrupted; the answers follow the corpus (corpus.follow_seconds)."""
    import matplotlib  # noqa: F401  # Gradio does it at the first question, which then waits
    import uvicorn

    from qa.citations import mask_mobile_numbers
    from qa.live import LiveAssistant
    from web.server import create_app
    from web.services import Services

    mask = mask_mobile_numbers if config.privacy.mask_mobile_numbers else str
    live = LiveAssistant(assistant, config_path)
    live.follow(config.corpus.follow_seconds)
    app = create_app(Services(live, config, database, mask, updates=live))
    web = config.web
    url = f"http://{'127.0.0.1' if web.host in ('0.0.0.0', '::') else web.host}:{web.port}/"
    print(f"公文问答 {url}", flush=True)
    if web.open_browser:
        webbrowser.open(url)
    try:
        # What a proxy says of the request is judged by our own middleware, by web.trusted_proxies.
        uvicorn.run(
            app, host=web.host, port=web.port, log_level="warning", access_log=False, proxy_headers=False,
            server_header=False,
        )  # fmt: skip
    finally:
        live.close()
        database.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m web", description="Serve the chat page.")
    parser.add_argument("--config", type=Path, default=None, metavar="FILE", help="default: config.yaml")
    parser.add_argument("--host", default=None, help="overrides web.host")
    parser.add_argument("--port", type=int, default=None, help="overrides web.port")
    return parser


def _with_options(web: WebConfig, host: str | None, port: int | None) -> WebConfig:
    if port is not None and not 1 <= port <= 65535:
        raise ConfigError(f"--port: expected 1 to 65535, found {port}.")
    return replace(web, host=host or web.host, port=port or web.port)


def _check_port(web: WebConfig) -> None:
    """Raise OSError, in words that help, when the port cannot be had: before the index is read, not after."""
    family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((web.host, web.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise OSError(f"port {web.port} is taken; name another with --port or web.port.") from error
            raise OSError(f"{web.host}:{web.port} cannot be served ({error.strerror}).") from error


if __name__ == "__main__":
    sys.exit(main())
