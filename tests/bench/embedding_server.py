"""This program's embedder behind the embeddings call that OpenAI made common, for a peer that is to use the same one.

Prints its port and answers on loopback until it is ended. ``GET /count`` tells how many texts became vectors.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from workbench.cancel import CancelToken
from workbench.documents.embedding.minilm import NAME, MiniLm

_embedder, _lock, _done = MiniLm(), threading.Lock(), [0]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer({"texts": _done[0]})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        texts = [asked["input"]] if isinstance(asked["input"], str) else asked["input"]
        vectors = _embedder.embed(texts, CancelToken())
        with _lock:
            _done[0] += len(texts)
        data = [{"object": "embedding", "index": at, "embedding": one} for at, one in enumerate(vectors)]
        self._answer({"object": "list", "model": NAME, "data": data, "usage": {"prompt_tokens": 0, "total_tokens": 0}})

    def _answer(self, body: object) -> None:
        raw = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_request(self, *_answered: object) -> None:
        """Nothing is told of each call."""


if __name__ == "__main__":
    _embedder.embed(["read into memory before anything is timed"], CancelToken())
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
