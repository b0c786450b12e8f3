"""A hub on the loopback address: the endpoints that resolving and fetching a model use, as the real one answers."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE = (".safetensors", ".bin")
"""Files kept in LFS: the hub knows them by sha256."""


@dataclass
class Repo:
    """A repository at one commit."""

    files: dict[str, bytes]
    kind: str = "models"
    """``models`` or ``datasets``: the part of the hub it lies in."""
    commit: str = COMMIT
    branch: str = "main"
    needs: str | None = None
    """The token that may read it; none where anybody may."""
    served: dict[str, bytes] = field(default_factory=dict)
    """Files whose content is other than listed."""


@dataclass
class Hub:
    """The running server, its repositories and the requests it received."""

    endpoint: str
    repos: dict[str, Repo]
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    """Method, path, and the Authorization header of every request."""


def git_blob(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@contextmanager
def serving(repos: dict[str, Repo]) -> Iterator[Hub]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    hub = Hub(f"http://127.0.0.1:{server.server_port}", repos)
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
    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, *_: Any) -> None: ...

    def _answer(self, *, with_body: bool) -> None:
        hub: Hub = self.server.hub  # type: ignore[attr-defined]
        path = unquote(urlsplit(self.path).path)
        hub.requests.append((self.command, path, self.headers.get("Authorization")))
        for name, repo in hub.repos.items():
            page = name if repo.kind == "models" else f"{repo.kind}/{name}"
            if path.startswith((f"/api/{repo.kind}/{name}/", f"/{page}/resolve/")):
                return self._of(repo, name, path, with_body=with_body)
        return self._refuse(401, "RepoNotFound")

    def _of(self, repo: Repo, name: str, path: str, *, with_body: bool) -> None:
        if repo.needs is not None and self.headers.get("Authorization") != f"Bearer {repo.needs}":
            return self._refuse(401 if "Authorization" not in self.headers else 403, "GatedRepo")
        kind, rest = path.removeprefix("/api").removeprefix(f"/{repo.kind}").removeprefix(f"/{name}/").split("/", 1)
        revision, _, file = rest.partition("/")
        if revision not in (repo.commit, repo.branch):
            return self._refuse(404, "RevisionNotFound")
        if kind == "revision":
            return self._send(json.dumps(_info(repo, name)).encode(), {}, with_body=with_body)
        if kind == "tree":
            return self._send(json.dumps(_tree(repo)).encode(), {}, with_body=with_body)
        if file not in repo.files:
            return self._refuse(404, "EntryNotFound")
        content = repo.served.get(file, repo.files[file])
        digest = sha256(repo.files[file]) if file.endswith(LARGE) else git_blob(repo.files[file])
        return self._send(content, {"ETag": f'"{digest}"', "X-Repo-Commit": repo.commit}, with_body=with_body)

    def _send(self, body: bytes, headers: dict[str, str], *, with_body: bool) -> None:
        self.send_response(200)
        for key, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _refuse(self, status: int, code: str) -> None:
        self.send_response(status)
        self.send_header("X-Error-Code", code)
        self.send_header("Content-Length", "0")
        self.end_headers()


def _info(repo: Repo, name: str) -> dict[str, Any]:
    siblings = [{"rfilename": file, **_metadata(file, content)} for file, content in repo.files.items()]
    return {"id": name, "sha": repo.commit, "private": False, "tags": [], "siblings": siblings}


def _tree(repo: Repo) -> list[dict[str, Any]]:
    return [
        {"type": "file", "path": file, "oid": git_blob(content), **_tree_size(file, content)}
        for file, content in repo.files.items()
    ]


def _metadata(file: str, content: bytes) -> dict[str, Any]:
    lfs = {"lfs": {"sha256": sha256(content), "size": len(content), "pointerSize": 134}}
    return {"size": len(content), "blobId": git_blob(content), **(lfs if file.endswith(LARGE) else {})}


def _tree_size(file: str, content: bytes) -> dict[str, Any]:
    lfs = {"lfs": {"oid": sha256(content), "size": len(content), "pointerSize": 134}}
    return {"size": len(content), **(lfs if file.endswith(LARGE) else {})}
