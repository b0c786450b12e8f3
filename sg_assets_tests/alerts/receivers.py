"""What notices are received by: a real web server and a real mail server, on this machine."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller


class Webhook:
    """Takes what is posted, or answers that it is down."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.refused = 0
        self.is_down = False
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if webhook.is_down:
                    webhook.refused += 1
                    self.send_error(503)
                    return
                webhook.received.append(json.loads(body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """As apprise takes it; the last part is a secret."""
        return f"json://127.0.0.1:{self.port}/hook/s3cret-t0ken"

    @property
    def titles(self) -> list[str]:
        return [message["title"] for message in self.received]

    @contextmanager
    def serving(self) -> Iterator["Webhook"]:
        serve = partial(self._server.serve_forever, poll_interval=0.01)  # the time it takes to shut down
        threading.Thread(target=serve, daemon=True).start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Mailbox:
    """Takes mail by SMTP."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self._port = _free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self._port)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.received.append(message)
        return "250 OK"

    @property
    def url(self) -> str:
        return f"mailto://127.0.0.1:{self._port}?from=alerts@sg.example&to=ops@sg.example&mode=insecure"

    @contextmanager
    def serving(self) -> Iterator["Mailbox"]:
        self._controller.start()
        try:
            yield self
        finally:
            self._controller.stop()
