"""Launching a backfill of exact partitions on a running Dagster server, as its own dialog does."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from sg_assets.errors import SgAssetsError
from sg_assets.store.refs import Ref

_SECONDS = 60.0
"""How long the server may take to answer."""
_TOLD = 500
"""Characters shown of a refusal."""
LAUNCH = """
mutation ($params: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $params) {
    __typename
    ... on LaunchBackfillSuccess { backfillId }
    ... on PythonError { message }
    ... on UnauthorizedError { message }
  }
}
"""


def launch(server: str, refs: Iterable[Ref]) -> str:
    """Start one backfill of exactly these partitions; Dagster's daemon runs them, parents first, one partition a run.

    Args:
        server: The address of a running UI, such as ``http://127.0.0.1:3000``.
        refs: What to materialize.

    Returns:
        The backfill's id.

    Raises:
        SgAssetsError: no Dagster answers there, or it refuses.
    """
    answer = _asked(server, launch_params(refs))
    told = (answer.get("data") or {}).get("launchPartitionBackfill") or {}
    if told.get("__typename") != "LaunchBackfillSuccess":
        why = told.get("message") or told.get("__typename") or json.dumps(answer.get("errors"))
        raise SgAssetsError(
            "Dagster refused the backfill", where=server, why=str(why), remedy="Reload definitions there"
        )
    return str(told["backfillId"])


def launch_params(refs: Iterable[Ref]) -> dict[str, Any]:
    """Exactly these partitions as Dagster's backfills take them: asset by asset, keys only where it has partitions."""
    keys: dict[str, list[str]] = {}
    for ref in refs:
        keys.setdefault(ref.asset, []).extend([ref.partition] if ref.partition else [])
    by_assets = [
        {"assetKey": {"path": asset.split("/")}} | ({"partitions": _ranges(found)} if found else {})
        for asset, found in keys.items()
    ]
    return {"partitionsByAssets": by_assets, "tags": [], "fromFailure": False, "title": "sg-assets backfill"}


def _ranges(keys: Iterable[str]) -> dict[str, Any]:
    """Dagster takes ranges alone; one of a single key holds nothing else."""
    return {"ranges": [{"start": key, "end": key} for key in keys]}


def _asked(server: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
    if urlsplit(server).scheme not in ("http", "https"):
        raise SgAssetsError(f"'{server}' is no address", where="--server", remedy="Give it like http://127.0.0.1:3000")
    body = json.dumps({"query": LAUNCH, "variables": {"params": params}}).encode()
    request = Request(f"{server.rstrip('/')}/graphql", body, {"Content-Type": "application/json"})  # noqa: S310 - checked
    try:
        with urlopen(request, timeout=_SECONDS) as reply:  # noqa: S310 - checked above
            answer = json.load(reply)
    except HTTPError as error:
        told = error.read().decode(errors="replace")[:_TOLD]
        raise SgAssetsError("Dagster refused the backfill", where=server, why=told) from error
    except (URLError, TimeoutError, ValueError) as error:
        remedy = "Start it with `sg-assets ui`, or leave out --server to run it here"
        raise SgAssetsError("no Dagster answers", where=server, why=str(error), remedy=remedy) from error
    if not isinstance(answer, dict):
        raise SgAssetsError("no Dagster answers", where=server, why="the reply is no GraphQL")
    return answer
