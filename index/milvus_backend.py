"""Vectors and postings on a Milvus server: one collection a build, dense and BM25 asked in one hybrid query.

The folder of a build keeps its texts, the name of its collection and the vocabulary in which its tokens are written.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from index.backend import Candidates, IndexUnusable, Selection, ServerUnreachable
from index.dense import BUILD_WIDTH, FLAT_ROWS, NEIGHBOURS, SEARCH_WIDTH, SHARE_READ
from index.lexical import FIELD_WEIGHTS, K1, B
from index.vocabulary import Vocabulary
from ingest.document import Chunk

if TYPE_CHECKING:
    from pymilvus import AnnSearchRequest, MilvusClient

# pymilvus pings every ten seconds, also when nothing is asked; Milvus Lite's server hangs up on that.
QUIET = {"grpc.keepalive_time_ms": 600_000, "grpc.keepalive_permit_without_calls": 0}
ALIAS = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
INSERTED, FETCHED = 500, 1000  # rows a request
MOST_BYTES = 65_535  # of a text field
NO_COLLECTION, NOT_LOADED = 100, 101  # Milvus' codes
PLAIN = {"tokenizer": "standard"}  # analyzer: texts come as words of letters and digits


class NotLoaded(ServerUnreachable):
    """The server holds the collection, but not in its memory."""


class Settings(msgspec.Struct, frozen=True):
    """Where the server is, and how it is asked."""

    uri: str
    collection: str = (
        "gongwen"  # alias of the build that answers, and what the names of all builds begin with
    )
    token_env: str = "MILVUS_TOKEN"
    kind: str = "auto"  # of the dense index: auto, flat, hnsw, ivf
    timeout_seconds: float = 30


class MilvusBackend:
    """One collection of a server, and the vocabulary of its tokens."""

    def __init__(self, server: Server, collection: str, words: Vocabulary, *, dimension: int) -> None:
        self.server, self.collection, self.words = server, collection, words
        self.dimension = dimension

    @property
    def size(self) -> int:
        return self.words.size

    def candidates(
        self, question: str, vector: np.ndarray, *, limit: int, selection: Selection | None
    ) -> Candidates:
        """As Backend.candidates, in one request: found by the server, scored here from what it sends along."""
        written = self.words.write(question)
        requests = self._requests(written, vector, limit, selection)
        try:
            found = self._asked(requests, limit)
        except NotLoaded:  # the server was started anew
            with self.server.asked(self.collection) as client:
                client.load_collection(self.collection)
            found = self._asked(requests, limit)
        rows = sorted(found, key=lambda row: int(row["row"]))
        vectors = np.array([row["vector"] for row in rows], dtype=np.float32).reshape(
            len(rows), self.dimension
        )
        lexical = self.words.scores(written, {name: [row[name] for row in rows] for name in FIELD_WEIGHTS})
        return Candidates(np.array([row["row"] for row in rows], dtype=np.int64), vectors @ vector, lexical)

    def vectors(self) -> np.ndarray:
        """Return all rows, float32 (n, dim)."""
        out = np.zeros((self.size, self.dimension), dtype=np.float32)
        with self.server.asked(self.collection) as client:
            pages = client.query_iterator(
                self.collection, batch_size=FETCHED, output_fields=["row", "vector"],
                timeout=self.server.settings.timeout_seconds,
            )  # fmt: skip
            while page := pages.next():
                out[[row["row"] for row in page]] = [row["vector"] for row in page]
        return out

    def _asked(self, requests: list[AnnSearchRequest], limit: int) -> list[dict[str, Any]]:
        """Return the fields of every row that any of the requests found."""
        from pymilvus import RRFRanker

        with self.server.asked(self.collection) as client:
            found = client.hybrid_search(
                self.collection, requests, RRFRanker(), limit=limit * len(requests),
                output_fields=["row", "vector", *FIELD_WEIGHTS], timeout=self.server.settings.timeout_seconds,
            )  # fmt: skip
        return [hit["entity"] for hit in found[0]]

    def _requests(
        self, written: str, vector: np.ndarray, limit: int, selection: Selection | None
    ) -> list[AnnSearchRequest]:
        from pymilvus import AnnSearchRequest

        expr = None if selection is None else f"document in {selection.documents.tolist()}"
        options = {"ef": max(SEARCH_WIDTH, limit), "nprobe": max(1, _lists(self.size) // SHARE_READ)}
        dense = AnnSearchRequest(
            [vector.tolist()], "vector", {"metric_type": "IP", "params": options}, limit=limit, expr=expr
        )
        bm25 = [
            AnnSearchRequest([written], f"{name}_bm25", {"metric_type": "BM25"}, limit=limit, expr=expr)
            for name in FIELD_WEIGHTS
        ]
        return [dense, *bm25] if written else [dense]


class MilvusEngine:
    """Builds and opens collections of one server for the index of one folder."""

    name = "milvus"

    def __init__(self, settings: Settings) -> None:
        if not settings.uri.startswith(("http://", "https://")):
            raise IndexUnusable(
                f"index.uri: expected the address of a Milvus server, such as http://127.0.0.1:19530, found {settings.uri!r}."
            )
        if not ALIAS.fullmatch(settings.collection):
            raise IndexUnusable(
                f"index.collection: expected letters, digits and _, found {settings.collection!r}."
            )
        self.settings, self.server = settings, Server(settings)

    def check(self) -> None:
        """Raise ServerUnreachable, or IndexUnusable where the alias is a collection of somebody else."""
        with self.server.asked() as client:
            taken = self.settings.collection in client.list_collections()
        if taken:
            raise IndexUnusable(
                f"{self.settings.uri}: {self.settings.collection!r} is a collection there; set index.collection to a new name."
            )

    def build(
        self, build: Path, vectors: np.ndarray, chunks: Sequence[Chunk], documents: np.ndarray
    ) -> MilvusBackend:
        """Fill a collection of its own; the vocabulary goes below `build`."""
        words, fields = Vocabulary.build({name: [getattr(c, name) for c in chunks] for name in FIELD_WEIGHTS})
        for row, chunk in enumerate(chunks):
            if (size := max(len(texts[row]) for texts in fields.values())) > MOST_BYTES:
                raise IndexUnusable(
                    f"{chunk.chunk_id}: its tokens take {size} bytes, a field of Milvus holds {MOST_BYTES}; lower chunk.size."
                )
        collection = self._prefix(build.parent) + build.name.replace("-", "_")
        with self.server.asked() as client:
            _create(client, collection, vectors.shape[1])
            for start in range(0, len(chunks), INSERTED):
                rows = range(start, min(start + INSERTED, len(chunks)))
                client.insert(
                    collection,
                    [
                        {"row": r, "document": int(documents[r]), "vector": vectors[r]}
                        | {name: texts[r] for name, texts in fields.items()}
                        for r in rows
                    ],
                )
            client.flush(collection)
            _index(client, collection, self.settings.kind, len(chunks))
        words.save(build)
        (build / "milvus.json").write_bytes(msgspec.json.encode({"collection": collection}))
        return self.open(build)

    def publish(self, build: Path) -> None:
        """Point the alias at the collection of `build`, unless a newer build has replaced it already."""
        try:
            collection, alias = _collection_of(build), self.settings.collection
        except FileNotFoundError:
            return
        from pymilvus import MilvusException

        with self.server.asked(collection) as client:
            try:
                client.create_alias(collection, alias)
            except MilvusException:  # there is one
                client.alter_alias(collection, alias)

    def open(self, build: Path) -> MilvusBackend:
        """Open the collection of `build`. Raises ServerUnreachable, IndexUnusable where it is gone or not whole."""
        words, collection = Vocabulary.load(build), _collection_of(build)
        with self.server.asked(collection) as client:
            client.load_collection(collection)
            held = client.query(collection, output_fields=["count(*)"], consistency_level="Strong")
            fields = client.describe_collection(collection)["fields"]
        if (count := int(held[0]["count(*)"])) != words.size:
            raise IndexUnusable(
                f"{self.settings.uri}: collection {collection} holds {count} of {words.size} chunks; run python -m index build."
            )
        dimension = next(int(f["params"]["dim"]) for f in fields if f["name"] == "vector")
        return MilvusBackend(self.server, collection, words, dimension=dimension)

    def sweep(self, folder: Path, keep: Path | None) -> None:
        """Drop the collections of this folder's other builds: those of killed builds and those that were replaced."""
        kept = _collection_of(keep) if keep and (keep / "milvus.json").is_file() else None
        with self.server.asked() as client:
            held = [name for name in client.list_collections() if name.startswith(self._prefix(folder))]
            if keep and kept in held:
                self.publish(keep)  # a build may have been killed before it
            for name in held:
                if name != kept:
                    for alias in client.list_aliases(name)["aliases"]:
                        client.drop_alias(alias)
                    client.drop_collection(name)

    def _prefix(self, folder: Path) -> str:
        """What the collections of this folder's builds begin with: another folder's are left alone."""
        return f"{self.settings.collection}_{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:8]}_"


class Server:
    """A Milvus server, connected to on first use."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @contextmanager
    def asked(self, collection: str = "") -> Iterator[MilvusClient]:
        """Give the client; what goes wrong is told as ServerUnreachable, or IndexUnusable for a collection that is gone."""
        client = self._client
        from grpc import RpcError
        from pymilvus import MilvusException

        try:
            yield client
        except MilvusException as error:
            if error.code == NO_COLLECTION and collection:
                raise IndexUnusable(
                    f"{self.settings.uri}: no collection {collection} (any more); run python -m index build, or open the index "
                    "again where that has been done."
                ) from error
            kind = NotLoaded if error.code == NOT_LOADED else ServerUnreachable
            raise kind(f"{self.settings.uri}: {_first_line(error)}") from error
        except RpcError as error:
            raise ServerUnreachable(f"{self.settings.uri}: {_first_line(error)}") from error

    @cached_property
    def _client(self) -> MilvusClient:
        try:
            from pymilvus import MilvusClient, MilvusException
        except ImportError as error:
            raise IndexUnusable(
                "index.backend: milvus needs the package pymilvus; run pip install pymilvus, or set index.backend: faiss."
            ) from error
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # it logs what it raises, with a traceback
        settings = self.settings
        try:
            return MilvusClient(
                settings.uri, token=os.environ.get(settings.token_env, ""), timeout=settings.timeout_seconds,
                grpc_options=QUIET,
            )  # fmt: skip
        except MilvusException as error:
            raise ServerUnreachable(
                f"{settings.uri}: no Milvus server answers there ({_first_line(error)}); start it, set index.uri, "
                f"or put its user:password into the environment variable {settings.token_env}."
            ) from error


def _create(client: MilvusClient, collection: str, dimension: int) -> None:
    from pymilvus import DataType, Function, FunctionType

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("row", DataType.INT64, is_primary=True)
    schema.add_field("document", DataType.INT64)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
    for name in FIELD_WEIGHTS:
        made = f"{name}_bm25"
        schema.add_field(
            name, DataType.VARCHAR, max_length=MOST_BYTES, enable_analyzer=True, analyzer_params=PLAIN
        )
        schema.add_field(made, DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(
            Function(made, FunctionType.BM25, input_field_names=[name], output_field_names=[made])
        )
    client.create_collection(collection, schema=schema)


def _index(client: MilvusClient, collection: str, kind: str, rows: int) -> None:
    """Have the server index what was inserted; loading the collection waits for it."""
    indexes = client.prepare_index_params()
    dense, options = _dense_index(kind, rows)
    indexes.add_index("vector", index_type=dense, metric_type="IP", params=options)
    for name in FIELD_WEIGHTS:
        options = {"bm25_k1": K1, "bm25_b": B}
        indexes.add_index(
            f"{name}_bm25", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params=options
        )
    client.create_index(collection, indexes, sync=False)  # else a sleep of half a second each


def _dense_index(kind: str, rows: int) -> tuple[str, dict[str, object]]:
    if kind == "ivf":
        return "IVF_FLAT", {"nlist": _lists(rows)}
    if kind == "hnsw" or (kind == "auto" and rows > FLAT_ROWS):
        return "HNSW", {"M": NEIGHBOURS, "efConstruction": BUILD_WIDTH}
    return "FLAT", {}


def _lists(rows: int) -> int:
    return max(1, int(rows**0.5))


def _collection_of(build: Path) -> str:
    return str(msgspec.json.decode((build / "milvus.json").read_bytes())["collection"])


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
