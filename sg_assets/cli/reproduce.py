"""The command that makes a version again and compares."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from sg_assets.cli.options import TrustStoredCode, VersionId, open_store
from sg_assets.cli.terminal import print_lines
from sg_assets.errors import SgAssetsError
from sg_assets.settings import read_settings

if TYPE_CHECKING:
    from sg_assets.reproduction.reproduce import ReproductionPlan, ReproductionResult

app = typer.Typer()
_LISTED = 5
"""Names that are listed; the others are counted."""


@app.command()
def reproduce(
    version: VersionId,
    from_cache: Annotated[
        bool,
        typer.Option(
            "--from-cache", help="Read answers, scores, and vectors from the caches instead of calling models."
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Call models over the network, whatever the cost.")] = False,
    trust_stored_code: TrustStoredCode = False,
) -> None:
    """Build a version again from its manifest and compare. Exits with 1 if it differs."""
    from sg_assets.reproduction.reproduce import plan_reproduction
    from sg_assets.reproduction.reproduce import reproduce as rebuild

    settings = read_settings()
    store = open_store()
    planned = plan_reproduction(store, version)
    print_lines(_plan_lines(planned, from_cache=from_cache))
    print_lines(
        f"It was {named.mark}. It is still rebuilt with its own code" for named in store.acceptances(planned.version)
    )
    if planned.remote is not None and not yes and not from_cache:
        raise SgAssetsError(
            f"{planned.calls} requests would go to '{planned.remote}'", where=str(planned.version.ref),
            why="that may cost money", remedy="Add --yes to send them, or --from-cache to use stored answers",
        )  # fmt: skip
    ended = rebuild(settings, store, planned, from_cache=from_cache, trust=trust_stored_code)
    print_lines(_end_lines(planned, ended))
    if not ended.equal:
        raise typer.Exit(1)


def _plan_lines(planned: "ReproductionPlan", *, from_cache: bool) -> Iterator[str]:
    code, version = planned.code, planned.version
    yield f"{version.ref} {version.version}: {len(planned.inputs)} inputs, all as recorded in its manifest"
    yield from _code_lines(planned)
    for name, recorded, installed in code.other_libraries:
        yield f"Library: {name} was {recorded}, is {installed}"
    for difference in planned.machine:
        yield f"Machine: kind differs from the recorded one: {difference}"
    if planned.calls:
        answered = "answered from the cache where the answer is stored" if from_cache else "all sent again"
        yield f"Model calls: {planned.calls}, {answered}"
    elif from_cache:
        yield "Stored scores and vectors of models are read from the caches"


def _code_lines(planned: "ReproductionPlan") -> Iterator[str]:
    code = planned.code
    if code.missing:
        yield f"Code: {_listed(code.missing)} not stored"
    if not code.recorded:
        yield "Code: recorded by whole modules, before packages were stored; the installed code runs"
    elif code.is_installed:
        yield "Code: as installed"
    elif planned.changes == ():
        yield "Code: the definitions are the installed ones, the rest of the package changed; the installed code runs"
    elif planned.changes is None:
        yield "Code: not the installed code; the stored package it belongs to runs"
    else:
        yield f"Code: changed since: {_listed(tuple(change.name for change in planned.changes))}"
        yield "  the stored package it belongs to runs"


def _end_lines(planned: "ReproductionPlan", ended: "ReproductionResult") -> Iterator[str]:
    for output in ended.outputs:
        where = f": first at {output.first_difference}" if output.first_difference else ""
        yield f"{output.version.ref}: {output.verdict.value}{where}"
        if output.fingerprint != output.version.fingerprint:
            yield f"  recorded {output.version.fingerprint}, built {output.fingerprint}"
            if output.version.not_reproducible:
                yield f"  as declared, it is not reproducible: {output.version.not_reproducible}"
    if ended.may_be_the_machine:
        differing = "; ".join(map(str, ended.machine))
        yield f"The machine is of a different kind than the recorded one, which may be the reason: {differing}"
    if ended.note:
        yield ended.note
    if not ended.same_code:
        yield "The code that ran has a different fingerprint from the recorded code."
    elif not ended.equal and planned.code.other_libraries:
        yield "The code is the same; libraries are not, see above."


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more" if more > 0 else "")
