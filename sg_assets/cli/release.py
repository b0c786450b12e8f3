"""The command that copies a release to a folder, or sends it to the hub."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from sg_assets.cli.options import open_project
from sg_assets.cli.terminal import print_lines
from sg_assets.errors import NotDeclaredError, NotPublishedError, SgAssetsError, nearest

if TYPE_CHECKING:
    from sg_assets.declarations.records.release import HubTarget
    from sg_assets.orchestration.project import Project
    from sg_assets.store.manifests import Manifest
    from sg_assets.store.refs import Ref

app = typer.Typer()


@app.command()
def release(
    variant: Annotated[str, typer.Argument(help="A variant listed under `release` in the profile.")],
    folder: Annotated[Path | None, typer.Argument(help="The folder to copy to; it must not exist yet.")] = None,
    push: Annotated[
        bool, typer.Option("--push", help="Upload to the hub repository that the profile declares; needs HF_TOKEN.")
    ] = False,
) -> None:
    """Copy a published release to a folder, or upload it: adapter, model card, manifests, SHA256SUMS."""
    from sg_assets.release.copy import copy_release

    if folder is None and not push:
        raise SgAssetsError("no target is given", where="sg-assets release", remedy="Name a FOLDER, or pass --push")
    project = open_project()
    target = _target(project, variant) if push else None
    published = _published(project, variant)
    lines = []
    with TemporaryDirectory() as scratch:
        copy = Path(scratch) / variant if folder is None else folder
        copy_release(published, project.store.path(published), copy)
        if folder is not None:
            lines.append(f"{published.ref} {published.version}: {len(published.files)} files in {folder}")
        if target is not None:
            lines.append(f"{published.ref} {published.version}: sent to {_push(copy, target, published)}")
    lines += [f"the content of {ref} has changed since this release was built" for ref in _changed(project, published)]
    print_lines(lines)


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
        trained = [declared.name for declared in project.declared.variants.values() if declared.has_adapter]
        remedy = f"Add it there, then run `sg-assets run 'reports/release[{variant}]'`"
        remedy = remedy if variant in trained else nearest(variant, profile.release.variants or trained)
        raise NotDeclaredError(f"'{variant}' is not declared for release", where=where, remedy=remedy)
    ref = Ref.of("reports/release", variant)
    head = project.store.head(ref)
    if head is None:
        remedy = f"Build it with `sg-assets run '{ref}'`; if it is refused, the error says why"
        raise NotPublishedError(f"{ref} has no version yet", remedy=remedy)
    return head


def _changed(project: "Project", published: "Manifest") -> "list[Ref]":
    heads = {pin: project.store.head(pin.ref) for pin in published.inputs}
    return [pin.ref for pin, head in heads.items() if head is not None and head.fingerprint != pin.fingerprint]
