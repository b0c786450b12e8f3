"""A Postgres server of Debian's package, for the time of a test."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_INSTALLED = Path("/usr/lib/postgresql")


def _binaries() -> Path | None:
    initdb = shutil.which("initdb")
    known = sorted(_INSTALLED.glob("*/bin/initdb")) if initdb is None else [Path(initdb).resolve()]
    return known[-1].parent if known else None


@contextmanager
def running_postgres() -> Iterator[str]:
    """The URL of a fresh server on the loopback address; skips where none is installed.

    The server refuses to run as root; there it runs as the package's own user.
    """
    binaries = _binaries()
    if binaries is None:
        pytest.skip("Postgres is not installed (apt-get install postgresql)")
    user = "postgres" if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="sg-pg-"))
    if user is not None:
        shutil.chown(folder, user)

    def run(tool: str, *arguments: str) -> None:
        command = [str(binaries / tool), "-D", str(folder / "data"), *arguments]
        subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, timeout=120)

    port = _free_port()
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    try:
        run("initdb", "-A", "trust", "-U", "sg", "-E", "UTF8", "--no-sync")
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            # The driver that dagster-postgres brings: SQLAlchemy takes another where none is named.
            yield f"postgresql+psycopg2://sg@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
