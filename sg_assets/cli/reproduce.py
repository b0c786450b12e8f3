"""The command that makes a version again and compares."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from sg_assets.errors import SgAssetsError
from sg_assets.settings import read_settings

if TYPE_CHECKING:
    from sg_assets.reproduction.reproduce import ReproductionPlan, ReproductionResult

app = typer.Typer()
console = Console()
_LISTED = 5


@app.command()
def reproduce(
    version: Annotated[str, typer.Argument(help="A version's id")],
    from_cache: Annotated[
        bool, typer.Option("--from-cache", help="Read answers, scores and vectors that models gave before.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ask a model over the network, whatever it costs.")] = False,
    trust_stored_code: Annotated[
        bool,
        typer.Option("--trust-stored-code", help="Run the stored code although it is no commit of this checkout."),
    ] = False,
) -> None:
    """Make a version again from its manifest, in a scratch place, and compare; exit with 1 where it differs."""
    from sg_assets.reproduction.reproduce import plan_reproduction
    from sg_assets.reproduction.reproduce import reproduce as make_again
    from sg_assets.store.store import Store

    settings = read_settings()
    store = Store(settings.store_root, settings.profile, settings.home)
    planned = plan_reproduction(store, version)
    _tell_plan(planned, from_cache=from_cache)
    for named in store.acceptances(planned.version):
        _say(f"It was {named.mark}. It is made again by its own code all the same")
    if planned.remote is not None and not yes and not from_cache:
        raise SgAssetsError(
            f"{planned.calls} requests would go to '{planned.remote}'", where=str(planned.version.ref),
            why="that may cost money", remedy="Add --yes to send them, or --from-cache to use kept answers",
        )  # fmt: skip
    ended = make_again(settings, store, planned, from_cache=from_cache, trust=trust_stored_code)
    _tell_end(planned, ended)
    if not ended.equal:
        raise typer.Exit(1)


def _tell_plan(planned: "ReproductionPlan", *, from_cache: bool) -> None:
    code, version = planned.code, planned.version
    _say(f"{version.ref} {version.version}: {len(planned.inputs)} inputs, each what its manifest says")
    for line in _code_lines(planned):
        _say(line)
    for name, then, now in code.other_libraries:
        _say(f"Library: {name} was {then}, is {now}")
    for one in planned.machine:
        _say(f"Machine: another kind than recorded: {one}")
    if planned.calls:
        told = "answered from the cache where it holds them" if from_cache else "each asked again"
        _say(f"Model calls: {planned.calls}, {told}")
    elif from_cache:
        _say("Scores and vectors that models gave before are read from the caches")


def _code_lines(planned: "ReproductionPlan") -> Iterator[str]:
    code = planned.code
    if code.missing:
        yield f"Code: {_listed(code.missing)} not stored"
    if not code.recorded:
        yield "Code: recorded by whole modules, before packages were stored; the installed code runs"
    elif code.is_installed:
        yield "Code: as installed"
    elif planned.changes == ():
        yield "Code: its definitions are as installed, the package around them changed; the installed code runs"
    elif planned.changes is None:
        yield "Code: not the installed code; the package it stood in runs"
    else:
        yield f"Code: changed since: {_listed(tuple(change.name for change in planned.changes))}"
        yield "  the package it stood in runs"


def _tell_end(planned: "ReproductionPlan", ended: "ReproductionResult") -> None:
    for one in ended.outputs:
        where = f": first at {one.first_difference}" if one.first_difference else ""
        _say(f"{one.version.ref}: {one.verdict.value}{where}")
        if one.fingerprint != one.version.fingerprint:
            _say(f"  recorded {one.version.fingerprint}, made {one.fingerprint}")
    if ended.may_be_the_machine:
        differing = "; ".join(map(str, ended.machine))
        _say(f"It was made on another kind of machine than recorded, which may be the reason: {differing}")
    if ended.note:
        _say(ended.note)
    if not ended.same_code:
        _say("The code that ran has another fingerprint than the recorded one.")
    elif not ended.equal and planned.code.other_libraries:
        _say("The code is the same; libraries are not, see above.")


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more" if more > 0 else "")


def _say(line: str) -> None:
    console.print(line, highlight=False, markup=False, soft_wrap=True)
