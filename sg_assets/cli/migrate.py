"""The command that takes over a store of an earlier format."""

import typer

from sg_assets.cli.terminal import print_line
from sg_assets.settings import read_settings

app = typer.Typer()


@app.command()
def migrate() -> None:
    """Convert a store of the previous format. Every version is kept unchanged. Run it while no step is running."""
    from sg_assets.store.backends.opening import home_of, open_files
    from sg_assets.store.manifests import FORMAT
    from sg_assets.store.migration import migrate as take_over

    settings = read_settings()
    root = settings.store_root
    ended = take_over(open_files(root, home_of(root, settings.home)), str(root), settings.profile)
    quarantined = f" and {ended.quarantined} in quarantine" if ended.quarantined else ""
    if not ended.moved:
        print_line(f"{root} has format {FORMAT} already, with {ended.versions} versions{quarantined}: nothing to do")
        return
    print_line(f"{root} has format {FORMAT} now: {ended.versions} versions{quarantined} converted, none rewritten")
    print_line("Versions whose code is now identified differently show as out of date in `sg-assets status`;")
    print_line("`sg-assets accept` records that they still count.")
