"""Dagster's webserver with the guard around it: what ``sg-assets ui`` starts in its place, with the same arguments.

All that this process serves goes through the guard: it wraps whatever application is given to uvicorn. So a Dagster
that puts its application together in another way is guarded as well.
"""

import os
from collections.abc import Callable
from functools import wraps

from sg_assets.execution.request_guard import HOSTS_VARIABLE, Application, RequestGuard, declared_hosts


def serve_guarded(run: Callable[..., None]) -> Callable[..., None]:
    """``uvicorn.run`` for guarded applications only.

    Headers of proxies (``X-Forwarded-*``) are not believed, whatever the environment says: any local process may send
    them.
    """

    @wraps(run)
    def guarded(application: Application, **options: object) -> None:
        hosts = declared_hosts(os.environ.get(HOSTS_VARIABLE, ""))
        run(RequestGuard(application, hosts), **options, proxy_headers=False, server_header=False)

    return guarded


def main() -> None:
    """Be ``dagster-webserver``, guarded."""
    import uvicorn
    from dagster_webserver.cli import main as dagster_webserver

    uvicorn.run = serve_guarded(uvicorn.run)
    dagster_webserver()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
