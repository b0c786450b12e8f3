"""Records acceptances of versions as made by today's code and libraries, and undoes them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from sg_assets.errors import SgAssetsError
from sg_assets.status.acceptance import Acceptances
from sg_assets.store.made_by import this_maker
from sg_assets.store.manifests import MadeBy
from sg_assets.store.marks import Mark, NamedMark
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store


def record(store: Store, accepting: Acceptances, why: str, by: MadeBy | None = None) -> dict[Ref, str]:
    """Record acceptances, upstream first, and return the names of the marks. Repeating it completes a killed call.

    Raises:
        SgAssetsError: no reason is given.
    """
    why, names = required_reason(why), {}
    for acceptance in accepting.accepted:
        store.keep_code(acceptance.recipe.code_texts)
        mark = Mark(
            kind="accepted", version=acceptance.version.version, at=datetime.now(UTC), by=by or this_maker(), why=why,
            recipe=acceptance.digest, code=acceptance.recipe.code, libraries=acceptance.recipe.library_versions(),
        )  # fmt: skip
        names[acceptance.ref] = store.marks.append(acceptance.ref, mark)
    return names


def undoable(store: Store, refs: Iterable[Ref]) -> Mapping[Ref, NamedMark]:
    """The last acceptance that holds for each partition's current version."""
    heads = [head for ref in refs if (head := store.head(ref)) is not None]
    return {head.ref: holding[-1] for head in heads if (holding := store.acceptances(head))}


def undo(store: Store, marks: Mapping[Ref, NamedMark], why: str, by: MadeBy | None = None) -> None:
    """Record that acceptances no longer hold.

    Raises:
        SgAssetsError: no reason is given.
    """
    why = required_reason(why)
    for ref, named in marks.items():
        mark = Mark(
            kind="undone", version=named.mark.version, at=datetime.now(UTC), by=by or this_maker(), why=why,
            undoes=named.name,
        )  # fmt: skip
        store.marks.append(ref, mark)


def required_reason(why: str) -> str:
    """The reason of an act in one line.

    Raises:
        SgAssetsError: no reason is given.
    """
    reason = " ".join(why.split())
    if not reason:
        raise SgAssetsError("no reason is given", remedy='Say why, such as --why "renamed, no result moves"')
    return reason
