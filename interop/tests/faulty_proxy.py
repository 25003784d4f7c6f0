"""A proxy before the reward service that fails some requests, and remembers what came through."""

import http.client
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FaultyProxy:
    """Every `every`-th request fails: by turns with 503, or by a connection that breaks.

    asked: the samples of each request that came through, as a list of lists
    """

    def __init__(self, port, every):
        self.asked, self.failed, self._count, self._lock = [], 0, 0, threading.Lock()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                with proxy._lock:
                    proxy._count += 1
                    fails = proxy._count % every == 0
                    proxy.failed += fails
                    breaks = fails and proxy.failed % 2 == 0
                if breaks:
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                if fails:
                    return self.answer(503, b"{}")
                behind = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                behind.request("POST", self.path, body, {"content-type": "application/json"})
                response = behind.getresponse()
                text = response.read()
                if response.status == 200:
                    with proxy._lock:
                        proxy.asked.append(json.loads(body)["samples"])
                self.answer(response.status, text)

            def answer(self, status, text):
                self.send_response(status)
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *arguments):
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 1024
            daemon_threads = True

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
