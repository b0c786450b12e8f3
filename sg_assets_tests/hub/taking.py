"""A hub on the loopback address that takes commits: the endpoints that sending a folder uses."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sg_assets_tests.hub.server import git_blob, sha256

LARGE = ".safetensors"


@dataclass
class Taken:
    """What the hub holds, and what was asked of it."""

    endpoint: str
    token: str
    """The only one that may write."""
    private: dict[str, bool] = field(default_factory=dict)
    """By repository."""
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    commits: list[str] = field(default_factory=list)
    """Their summaries."""
    objects: dict[str, bytes] = field(default_factory=dict)
    """Large files sent, by sha256."""


@contextmanager
def taking(token: str) -> Iterator[Taken]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    hub = Taken(f"http://127.0.0.1:{server.server_port}", token)
    server.hub = hub  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    @property
    def hub(self) -> Taken:
        return self.server.hub  # type: ignore[attr-defined, no-any-return]

    def log_message(self, *_: Any) -> None: ...

    def do_GET(self) -> None:
        name = self._repo("/api/models/")
        if name not in self.hub.files:
            return self._json(404, {"error": "Repository not found"}, {"X-Error-Code": "RepoNotFound"})
        if "/tree/" in self.path:
            files = self.hub.files[name].items()
            return self._json(200, [{"type": "file", "path": path, "oid": git_blob(part), "size": len(part)}
                                    for path, part in files])  # fmt: skip
        return self._json(200, {"id": name, "sha": "0" * 40, "siblings": []})

    def do_PUT(self) -> None:
        body = self._body()
        self.hub.objects[sha256(body)] = body
        self._json(200, {})

    def do_POST(self) -> None:
        body = self._body()
        if self.path == "/api/validate-yaml":
            return self._json(200, {"errors": [], "warnings": []})
        if self.headers.get("Authorization") != f"Bearer {self.hub.token}":
            return self._json(401, {"error": "Invalid username or password."})
        if self.path == "/api/repos/create":
            return self._create(json.loads(body))
        if "/preupload/" in self.path:
            named = [entry["path"] for entry in json.loads(body)["files"]]
            modes = [{"path": path, "uploadMode": "lfs" if path.endswith(LARGE) else "regular", "shouldIgnore": False}
                     for path in named]  # fmt: skip
            return self._json(200, {"files": modes})
        if self.path.endswith("/info/lfs/objects/batch"):
            return self._json(
                200, {"transfer": "basic", "objects": [self._lfs(entry) for entry in json.loads(body)["objects"]]}
            )
        return self._commit(self._repo("/api/models/"), [json.loads(line) for line in body.splitlines()])

    def _create(self, asked: dict[str, Any]) -> None:
        name = f"{asked['organization']}/{asked['name']}"
        if name in self.hub.files:
            return self._json(
                409, {"error": "You already created this model repo", "url": f"{self.hub.endpoint}/{name}"}
            )
        self.hub.files[name], self.hub.private[name] = {}, asked.get("private", asked.get("visibility") == "private")
        return self._json(200, {"url": f"{self.hub.endpoint}/{name}"})

    def _lfs(self, asked: dict[str, Any]) -> dict[str, Any]:
        known = asked["oid"] in self.hub.objects
        href = {"upload": {"href": f"{self.hub.endpoint}/objects/{asked['oid']}", "header": {}}}
        return {**asked, "authenticated": True, **({} if known else {"actions": href})}

    def _commit(self, name: str, lines: list[dict[str, Any]]) -> None:
        files = self.hub.files[name]
        for line in lines:
            key, value = line["key"], line["value"]
            if key == "header":
                self.hub.commits.append(value["summary"])
            elif key == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif key == "lfsFile":
                files[value["path"]] = self.hub.objects[value["oid"]]
            elif key == "deletedFile":
                del files[value["path"]]
        commit = f"{len(self.hub.commits):040x}"
        self._json(200, {"commitUrl": f"{self.hub.endpoint}/{name}/commit/{commit}", "commitOid": commit})

    def _repo(self, prefix: str) -> str:
        owner, name = self.path.removeprefix(prefix).split("?")[0].split("/")[:2]
        return f"{owner}/{name}"

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _json(self, status: int, value: object, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        for key, header in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }.items():
            self.send_header(key, header)
        self.end_headers()
        self.wfile.write(body)
