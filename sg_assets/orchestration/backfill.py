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
_REFUSAL_LENGTH = 500
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
        refs: The partitions to materialize.

    Returns:
        The backfill's id.

    Raises:
        SgAssetsError: no Dagster answers at the address, or it refuses.
    """
    reply = _post(server, launch_params(refs))
    result = (reply.get("data") or {}).get("launchPartitionBackfill") or {}
    if result.get("__typename") != "LaunchBackfillSuccess":
        why = result.get("message") or result.get("__typename") or json.dumps(reply.get("errors"))
        raise SgAssetsError(
            "Dagster refused the backfill", where=server, why=str(why), remedy="Reload definitions there"
        )
    return str(result["backfillId"])


def launch_params(refs: Iterable[Ref]) -> dict[str, Any]:
    """These partitions as Dagster's backfills take them: by asset, with keys only where the asset has partitions."""
    keys: dict[str, list[str]] = {}
    for ref in refs:
        keys.setdefault(ref.asset, []).extend([ref.partition] if ref.partition else [])
    by_assets = [
        {"assetKey": {"path": asset.split("/")}} | ({"partitions": _ranges(partition_keys)} if partition_keys else {})
        for asset, partition_keys in keys.items()
    ]
    return {"partitionsByAssets": by_assets, "tags": [], "fromFailure": False, "title": "sg-assets backfill"}


def _ranges(keys: Iterable[str]) -> dict[str, Any]:
    """Dagster takes only ranges; a range of a single key is just that key."""
    return {"ranges": [{"start": key, "end": key} for key in keys]}


def _post(server: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
    if urlsplit(server).scheme not in ("http", "https"):
        raise SgAssetsError(
            f"'{server}' is not an address", where="--server", remedy="Give it like http://127.0.0.1:3000"
        )
    body = json.dumps({"query": LAUNCH, "variables": {"params": params}}).encode()
    request = Request(f"{server.rstrip('/')}/graphql", body, {"Content-Type": "application/json"})  # noqa: S310 - checked
    try:
        with urlopen(request, timeout=_SECONDS) as response:  # noqa: S310 - checked above
            reply = json.load(response)
    except HTTPError as error:
        refusal = error.read().decode(errors="replace")[:_REFUSAL_LENGTH]
        raise SgAssetsError("Dagster refused the backfill", where=server, why=refusal) from error
    except (URLError, TimeoutError, ValueError) as error:
        remedy = "Start Dagster with `sg-assets ui`, or leave out --server to run the partitions here"
        raise SgAssetsError("no Dagster answers", where=server, why=str(error), remedy=remedy) from error
    if not isinstance(reply, dict):
        raise SgAssetsError("no Dagster answers", where=server, why="the reply is not GraphQL")
    return reply
