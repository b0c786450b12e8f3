"""The command that hands out a release: to a folder, to the hub."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from sg_assets.errors import NotDeclaredError, NotPublishedError, SgAssetsError, nearest

if TYPE_CHECKING:
    from sg_assets.declarations.records.release import HubTarget
    from sg_assets.orchestration.project import Project
    from sg_assets.store.manifests import Manifest
    from sg_assets.store.refs import Ref

app = typer.Typer()
console = Console()


@app.command()
def release(
    variant: Annotated[str, typer.Argument(help="A variant that the profile releases.")],
    folder: Annotated[Path | None, typer.Argument(help="Where to copy it; must not exist.")] = None,
    push: Annotated[
        bool, typer.Option("--push", help="Send it to the hub repository that the profile declares; needs HF_TOKEN.")
    ] = False,
) -> None:
    """Copy a variant's published release (adapter, model card, manifests, SHA256SUMS) to a folder, or send it out."""
    from sg_assets.orchestration.project import load_project
    from sg_assets.release.copy import copy_release

    if folder is None and not push:
        raise SgAssetsError("nowhere to put it", where="sg-assets release", remedy="Name a FOLDER, or pass --push")
    project = load_project()
    target = _target(project, variant) if push else None
    published = _published(project, variant)
    told = []
    with TemporaryDirectory() as scratch:
        place = Path(scratch) / variant if folder is None else folder
        copy_release(published, project.store.path(published), place)
        if folder is not None:
            told.append(f"{published.ref} {published.version}: {len(published.files)} files in {folder}")
        if target is not None:
            told.append(f"{published.ref} {published.version}: sent to {_push(place, target, published)}")
    told += [f"{ref} has other content by now than what this was made from" for ref in _moved_on(project, published)]
    console.print("\n".join(told), highlight=False, markup=False, soft_wrap=True)


def _target(project: "Project", variant: str) -> "HubTarget":
    profile = project.declared.profile
    if variant not in profile.release.hub:
        where = f"models/profiles/{profile.name}.yaml, release.hub"
        remedy = f"Add `{variant}: {{repo: OWNER/NAME}}` there"
        raise SgAssetsError(f"no repository is declared for '{variant}'", where=where, remedy=remedy)
    return profile.release.hub[variant]


def _push(folder: Path, target: "HubTarget", published: "Manifest") -> str:
    from sg_assets.release.hub_upload import push_release

    endpoint, token = os.environ.get("HF_ENDPOINT"), os.environ.get("HF_TOKEN")
    return push_release(folder, target, version=published.version, token=token, endpoint=endpoint)


def _published(project: "Project", variant: str) -> "Manifest":
    from sg_assets.store.refs import Ref

    profile = project.declared.profile
    where = f"models/profiles/{profile.name}.yaml, release.variants"
    if variant not in profile.release.variants:
        trained = [one.name for one in project.declared.variants.values() if one.method != "none"]
        remedy = f"Add it there, then run `sg-assets run 'reports/release[{variant}]'`"
        remedy = remedy if variant in trained else nearest(variant, profile.release.variants or trained)
        raise NotDeclaredError(f"'{variant}' is not declared for release", where=where, remedy=remedy)
    ref = Ref.of("reports/release", variant)
    head = project.store.head(ref)
    if head is None:
        remedy = f"Make it with `sg-assets run '{ref}'`, which says why where it is refused"
        raise NotPublishedError(f"{ref} has no version yet", remedy=remedy)
    return head


def _moved_on(project: "Project", published: "Manifest") -> "list[Ref]":
    heads = {pin: project.store.head(pin.ref) for pin in published.inputs}
    return [pin.ref for pin, head in heads.items() if head is not None and head.fingerprint != pin.fingerprint]
