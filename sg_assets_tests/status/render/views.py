"""An edited graph, to be shown."""

from rich.console import Console

from sg_assets.status.plan import Plan
from sg_assets.status.render import terminal
from sg_assets.status.summary import Summary, summary
from sg_assets.store.refs import Ref
from sg_assets_tests.status.planning import planned
from sg_assets_tests.status.small import SmallGraph

GONE = [Ref.parse("scores/s[gone]")]


def edited(built: SmallGraph) -> tuple[Summary, Plan]:
    built.ranks = {"sft": 16, "kto": 8, "new": 4}
    return summary(built.survey().values(), GONE), planned(built)


def printed(built: SmallGraph) -> str:
    shown, plan = edited(built)
    console = Console(width=200, record=True)
    console.print(terminal.status(shown), terminal.plan(plan))
    return console.export_text()
