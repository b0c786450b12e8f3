"""The command that takes a store of the format before over."""

import typer
from rich.console import Console

from sg_assets.settings import read_settings

app = typer.Typer()
console = Console()


@app.command()
def migrate() -> None:
    """Take a store of the format before over: every version stays, none is rewritten. Run it while no step runs."""
    from sg_assets.store.backends.opening import home_of, open_files
    from sg_assets.store.manifests import FORMAT
    from sg_assets.store.migration import migrate as take_over

    settings = read_settings()
    root = settings.store_root
    ended = take_over(open_files(root, home_of(root, settings.home)), str(root), settings.profile)
    held = f" and {ended.quarantined} in quarantine" if ended.quarantined else ""
    if not ended.moved:
        _say(f"{root} has format {FORMAT} already, with {ended.versions} versions{held}: nothing to do")
        return
    _say(f"{root} has format {FORMAT} now: {ended.versions} versions{held} taken over, none rewritten")
    _say("Versions whose code is identified otherwise by now show as out of date in `sg-assets status`;")
    _say("`sg-assets accept` records that they still count.")


def _say(line: str) -> None:
    console.print(line, highlight=False, markup=False, soft_wrap=True)
