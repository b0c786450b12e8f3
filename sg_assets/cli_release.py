"""The command that hands out a release."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from sg_assets.errors import SgAssetsError, nearest

if TYPE_CHECKING:
    from sg_assets.assets.project import Project
    from sg_assets.store.manifests import Manifest
    from sg_assets.store.refs import Ref

app = typer.Typer()
console = Console()


@app.command()
def release(
    variant: Annotated[str, typer.Argument(help="A variant that the profile releases.")],
    folder: Annotated[Path, typer.Argument(help="Where to copy it; must not exist.")],
) -> None:
    """Copy a variant's published release (adapter, model card, manifests, SHA256SUMS) to a plain folder."""
    from sg_assets.assets.project import load_project
    from sg_assets.release.copying import copy_release

    project = load_project()
    published = _published(project, variant)
    copy_release(published, project.store.path(published), folder)
    told = [f"{published.ref} {published.version}: {len(published.files)} files in {folder}"]
    told += [f"{ref} has other content by now than what this was made from" for ref in _moved_on(project, published)]
    console.print("\n".join(told), highlight=False, markup=False, soft_wrap=True)


def _published(project: "Project", variant: str) -> "Manifest":
    from sg_assets.store.refs import Ref

    profile = project.declared.profile
    where = f"models/profiles/{profile.name}.yaml, release.variants"
    if variant not in profile.release.variants:
        trained = [one.name for one in project.declared.variants.values() if one.method != "none"]
        remedy = f"Add it there, then run `sg-assets run 'reports/release[{variant}]'`"
        remedy = remedy if variant in trained else nearest(variant, profile.release.variants or trained)
        raise SgAssetsError(f"'{variant}' is not declared for release", where=where, remedy=remedy)
    ref = Ref.of("reports/release", variant)
    head = project.store.head(ref)
    if head is None:
        remedy = f"Make it with `sg-assets run '{ref}'`, which says why where it is refused"
        raise SgAssetsError(f"{ref} has no version yet", remedy=remedy)
    return head


def _moved_on(project: "Project", published: "Manifest") -> "list[Ref]":
    heads = {pin: project.store.head(pin.ref) for pin in published.inputs}
    return [pin.ref for pin, head in heads.items() if head is not None and head.fingerprint != pin.fingerprint]
