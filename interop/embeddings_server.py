"""Serves a sentence-transformers model as an OpenAI-compatible embeddings endpoint, on this machine.

    python interop/embeddings_server.py MODEL_FOLDER [PORT]

Needs sentence-transformers. For trying `geor reward --embed-url http://127.0.0.1:8900/v1` without a
model server; prints one line when it listens.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

from sentence_transformers import SentenceTransformer

MODEL = SentenceTransformer(sys.argv[1], device="cpu")
LOCK = Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path != "/v1/embeddings":
            return self.answer(404, {"error": {"message": f"no {self.path} here"}})
        try:
            request = json.loads(body)
            texts = request["input"]
            texts = [texts] if isinstance(texts, str) else [str(text) for text in texts]
        except (ValueError, KeyError, TypeError):
            return self.answer(400, {"error": {"message": "a JSON object with `input` is needed"}})
        with LOCK:
            vectors = MODEL.encode(texts, normalize_embeddings=True)
        data = [
            {"object": "embedding", "index": i, "embedding": vector.tolist()}
            for i, vector in enumerate(vectors)
        ]
        return self.answer(200, {"object": "list", "model": request.get("model"), "data": data})

    def answer(self, status, value):
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


if __name__ == "__main__":
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 8900
    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        print(f"listening on http://127.0.0.1:{port}/v1", flush=True)
        server.serve_forever()
