"""The guard in front of Dagster's webserver, inside its process: pages of other sites can neither read nor launch.

Dagster's webserver asks nobody for a password and answers any page that a browser on this machine shows: it executes
GraphQL that comes by GET, as a form or as plain text, under any ``Host`` and from any ``Origin``. A proxy in front
would leave the port behind it open, so the guard wraps the application itself, and a request that is not allowed never
reaches it. The rules, all of which must hold:

- ``Host`` is a loopback name with the port that was connected to, or a declared host. A name that an attacker makes
  resolve to 127.0.0.1 is neither. ``X-Forwarded-Host`` and its kin are never read.
- ``Origin``, where there is one, is the host that was asked, or a declared host. Websockets must have one.
- ``Sec-Fetch-Site``, which pages cannot forge, says ``same-origin`` or ``none``, or a link was followed.
- The method is GET, HEAD or POST. A POST carries ``application/json``, which no page can send elsewhere unasked.
- ``/graphql`` executes nothing by GET: it shows its editor.
"""

import re
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from sg_assets.errors import InvalidSettingError

Message = dict[str, Any]
"""An event of ASGI, or the scope of a connection."""
Receive = Callable[[], Awaitable[Message]]
"""Gives the next event of a connection."""
Send = Callable[[Message], Awaitable[None]]
"""Sends an event."""
Application = Callable[[Message, Receive, Send], Awaitable[None]]
"""What a web server serves."""

HOSTS_VARIABLE: Final = "SG_UI_HOSTS"
"""Names the hosts, besides loopback, under which the UI may be asked: those of an authenticating proxy."""
_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
_HOST: Final = re.compile(
    r"(?=.{1,253}(:|$))[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:[0-9]{1,5})?"
)
_READS: Final = ("GET", "HEAD")
_HTTP_PORT: Final = 80
_ONCE: Final = (b"host", b"origin", b"content-type", b"sec-fetch-site", b"sec-fetch-mode", b"referer")
"""Headers that come once: of two, guard and application might read different ones."""
_CLOSED: Final = 1008
"""The code of a websocket that is closed because of a policy."""
_SECURITY_HEADERS: Final = (
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_NO_FRAMES: Final = (b"content-security-policy", b"frame-ancestors 'none'")
"""Added to the policies of the application: a browser keeps all of them."""


@dataclass(frozen=True)
class Refusal:
    """Why a request is not passed on."""

    status: int
    """The status of HTTP."""
    reason: str
    """For the person who sent it."""


def declared_hosts(text: str) -> frozenset[str]:
    """The hosts of ``SG_UI_HOSTS``: names with or without a port, separated by commas.

    Raises:
        InvalidSettingError: one of them is no host name.
    """
    names = frozenset(name.strip().lower() for name in text.split(",") if name.strip())
    for name in sorted(names):
        if not _HOST.fullmatch(name):
            raise InvalidSettingError(
                f"'{name}' is not a host",
                where=HOSTS_VARIABLE,
                why="a host is a name with or without a port, and no address of a page",
                remedy="Set it like ui.example.org or ui.example.org:8443; commas separate several",
            )
    return names


class RequestGuard:
    """An ASGI application around another, which gets the allowed requests only."""

    def __init__(self, application: Application, hosts: Collection[str]) -> None:
        """Guard an application.

        Args:
            application: The application.
            hosts: Hosts that may be asked besides loopback.
        """
        self._application = application
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self._application(scope, receive, send)
            return
        refusal = refusal_of(scope, self._hosts)
        if refusal is None:
            await self._application(_cleaned(scope), receive, _with_security_headers(send))
        elif scope["type"] == "http":
            await _refuse(refusal, _with_security_headers(send))
        else:
            await send({"type": "websocket.close", "code": _CLOSED, "reason": refusal.reason})


def refusal_of(scope: Message, hosts: Collection[str]) -> Refusal | None:
    """Why a request is refused; None where it is allowed.

    Args:
        scope: The connection, as ASGI describes it.
        hosts: Hosts that may be asked besides loopback.
    """
    names = [name for name, _ in scope["headers"]]
    if scope["type"] not in ("http", "websocket") or any(names.count(name) > 1 for name in _ONCE):
        return Refusal(400, "A header that may come once comes twice.")
    headers = {name: value.decode("latin-1").strip().lower() for name, value in scope["headers"]}
    host = headers.get(b"host", "")
    if host not in hosts and host not in _loopback_hosts(scope):
        return Refusal(403, f"This host is not served. Hosts besides loopback are declared in {HOSTS_VARIABLE}.")
    if _is_foreign(headers, host, hosts):
        return Refusal(403, "Pages of other sites cannot use this server.")
    if scope["type"] == "websocket":
        return None if b"origin" in headers else Refusal(403, "A websocket must name its origin.")
    if _leaves_its_folder(scope["path"]):
        return Refusal(400, "The path leaves its folder.")
    return _read_refusal(scope, headers) if scope["method"] in _READS else _post_refusal(scope, headers, host, hosts)


def _loopback_hosts(scope: Message) -> list[str]:
    """The loopback names with the port that was connected to: no other port is this server."""
    server = scope.get("server")
    if not server or server[1] is None:
        return []
    return [f"{name}:{server[1]}" for name in _LOOPBACK] + (list(_LOOPBACK) if server[1] == _HTTP_PORT else [])


def _is_foreign(headers: dict[bytes, str], host: str, hosts: Collection[str]) -> bool:
    """Whether a page of another site sends it. A page on another port of this machine is of another site."""
    if b"origin" in headers and not _is_own(headers[b"origin"], host, hosts):
        return True
    is_link = headers.get(b"sec-fetch-mode") == "navigate"
    return headers.get(b"sec-fetch-site", "none") not in ("same-origin", "none") and not is_link


def _is_own(origin: str, host: str, hosts: Collection[str]) -> bool:
    scheme, separator, authority = origin.partition("://")
    if not separator or scheme not in ("http", "https"):
        return False
    return authority in hosts or (authority == host and scheme == "http")


def _leaves_its_folder(path: str) -> bool:
    return ".." in path.split("/") or "\\" in path or "\0" in path


def _read_refusal(scope: Message, headers: dict[bytes, str]) -> Refusal | None:
    if not _is_graphql(scope) or "text/html" in headers.get(b"accept", ""):
        return None
    return Refusal(405, "GraphQL is not executed by GET. Send it by POST as JSON.")


def _post_refusal(scope: Message, headers: dict[bytes, str], host: str, hosts: Collection[str]) -> Refusal | None:
    if scope["method"] != "POST":
        return Refusal(405, "Only GET, HEAD and POST are served.")
    if headers.get(b"sec-fetch-mode") == "navigate":
        return Refusal(403, "Forms are not served.")
    if b"origin" not in headers and b"referer" in headers and not _is_own(_origin(headers[b"referer"]), host, hosts):
        return Refusal(403, "Pages of other sites cannot use this server.")
    essence, _, parameters = headers.get(b"content-type", "").partition(";")
    if essence.strip() != "application/json" or parameters.strip() not in ("", "charset=utf-8", 'charset="utf-8"'):
        return Refusal(415, "A POST must have the content type application/json.")
    return None


def _origin(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def _is_graphql(scope: Message) -> bool:
    return str(scope["path"]).rstrip("/").rpartition("/")[2].lower() == "graphql"


def _cleaned(scope: Message) -> Message:
    """The request as it is passed on: nothing that GraphQL could execute is in the address."""
    return {**scope, "query_string": b""} if _is_graphql(scope) else scope


def _with_security_headers(send: Send) -> Send:
    own = {name for name, _ in _SECURITY_HEADERS}

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(name, value) for name, value in message.get("headers", ()) if name.lower() not in own]
            message = {**message, "headers": [*kept, *_SECURITY_HEADERS, _NO_FRAMES]}
        await send(message)

    return sent


async def _refuse(refusal: Refusal, send: Send) -> None:
    body = f"{refusal.reason}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    if refusal.status == 405:
        headers.append((b"allow", b"GET, HEAD, POST"))
    await send(
        {"type": "http.response.start", "status": refusal.status, "headers": [*headers, (b"connection", b"close")]}
    )
    await send({"type": "http.response.body", "body": body})
