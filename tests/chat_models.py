"""Stand-ins for chat models: a scripted server of the OpenAI protocol, a tiny model with random weights."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

SAMPLE = "区政府常务会议一般每周召开1次，必要时随时召开。"


class ScriptedServer:
    """Streams as the OpenAI protocol does, on 127.0.0.1: `reply` is its text, in pieces of three characters;
    `status` (one for each request, the last for all further ones) and `respond` make it misbehave."""

    def __init__(self) -> None:
        self.reply = ""
        self.status: list[int] = [200]
        self.respond: Callable[[BaseHTTPRequestHandler], None] | None = None
        self.requests: list[dict] = []
        self.keys: list[str | None] = []
        self.stopped = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def stop(self) -> None:
        self.stopped.set()
        self._http.shutdown()
        self._http.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                server.keys.append(self.headers.get("Authorization"))
                server.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                if server.respond:
                    server.respond(self)
                    return
                status = server.status[min(len(server.requests), len(server.status)) - 1]
                if status != 200:
                    self.send(status, '{"error": {"message": "scripted"}}')
                    return
                self.start_stream()
                for piece in [*pieces_of(server.reply), None]:
                    self.send_event(chunk(piece))
                self.send_event("[DONE]")

            def start_stream(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()

            def send_event(self, data: str) -> None:
                self.wfile.write(f"data: {data}\n\n".encode())
                self.wfile.flush()

            def send(self, status: int, body: str, **headers: str) -> None:
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *args: object) -> None:
                pass

        return Handler


def pieces_of(text: str) -> list[str]:
    return [text[i : i + 3] for i in range(0, len(text), 3)]


def chunk(text: str | None) -> str:
    """Return one event of a stream; None: the last one."""
    choice = {
        "index": 0,
        "delta": {} if text is None else {"content": text},
        "finish_reason": None if text is not None else "stop",
    }
    return json.dumps(
        {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    )


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every connection but to 127.0.0.1 fails the test; proxies are named in the environment, as in many offices."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: tuple) -> None:
        if self.family != socket.AF_UNIX and address[0] != "127.0.0.1":
            pytest.fail(f"a request left this machine: {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://203.0.113.1:3128")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def save_tiny_chat_model(target: Path) -> None:
    """Save a causal model of one layer with random weights, and a byte-level tokenizer with a chat template."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    bare = Tokenizer(models.BPE())
    bare.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bare.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    bare.train_from_iterator(
        [SAMPLE], trainers.BpeTrainer(vocab_size=400, initial_alphabet=alphabet, special_tokens=["</s>"])
    )
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=bare, eos_token="</s>")
    tokenizer.chat_template = (
        "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
        "{% if add_generation_prompt %}assistant: {% endif %}"
    )
    tokenizer.save_pretrained(target)
    torch.manual_seed(0)
    LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            max_position_embeddings=8192,
            eos_token_id=tokenizer.eos_token_id,
            bos_token_id=None,
        )
    ).save_pretrained(target)


@contextmanager
def transformers_serve(model: Path, log: Path) -> Iterator[str]:
    """Yield the address of a real `transformers serve` process with that model, as a user would start it."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("transformers")), "serve", str(model), "--device", "cpu"]
    offline = {**os.environ, "HF_HUB_OFFLINE": "1", "NO_PROXY": "127.0.0.1"}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(port)], stdout=out, stderr=out, env=offline
        )
        try:
            _wait_for(port, process, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            process.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            pytest.fail(f"transformers serve ended; does it lack a package?\n{log.read_text()[-1500:]}")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    pytest.fail("transformers serve did not listen within a minute")
