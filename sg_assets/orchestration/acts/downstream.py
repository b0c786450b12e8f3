"""What was built from another content than its inputs have now."""

import shlex
from collections.abc import Collection, Iterable, Sequence

from sg_assets.declarations.graph import Graph
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store


def outdated_downstream(store: Store, graph: Graph, changed: Collection[Ref]) -> list[Ref]:
    """Published partitions built from another content of the changed partitions, and all below; upstream first."""
    outdated: dict[Ref, None] = {}
    for ref in graph.refs:
        if ref in changed or (head := store.head(ref)) is None:
            continue
        current = {pin.ref: store.head(pin.ref) for pin in head.inputs if pin.ref in changed}
        read_other = any(
            pin.ref in current and (now := current[pin.ref]) is not None and now.fingerprint != pin.fingerprint
            for pin in head.inputs
        )
        if read_other or not outdated.keys().isdisjoint(graph.inputs(ref.asset, ref.partition)):
            outdated[ref] = None
    return list(outdated)


def names_of(graph: Graph, refs: Iterable[Ref]) -> list[str]:
    """Names for the command line: an asset's own where all its partitions are meant."""
    by_asset: dict[str, list[Ref]] = {}
    for ref in refs:
        by_asset.setdefault(ref.asset, []).append(ref)
    return [
        name
        for asset, meant in by_asset.items()
        for name in ([asset] if len(meant) == len(graph.nodes[asset].keys) else map(str, meant))
    ]


def backfill_command(names: Iterable[str]) -> str:
    """The command that brings these up to date."""
    return shlex.join(["sg-assets", "backfill", *names])


def ui_selection(refs: Iterable[Ref]) -> str:
    """These assets in the syntax of Dagster's asset selection."""
    return " or ".join(f'key:"{asset}"' for asset in dict.fromkeys(ref.asset for ref in refs))


def counted(refs: Sequence[Ref]) -> str:
    """How many partitions, in words."""
    return "1 partition was" if len(refs) == 1 else f"{len(refs)} partitions were"
