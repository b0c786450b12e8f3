"""Modules import each other in one direction, without circles."""

from functools import cache
from pathlib import Path
from typing import Final

import sg_assets
from sg_assets_tests.import_graph import Imports, circles, package_imports

_PACKAGE: Final = Path(sg_assets.__file__).parent
_ROOT_FILES: Final = 5
_LAYERS: Final = (
    # What everything stands on.
    "errors",
    "text",
    "processes",
    "code",
    "store",
    "machine",
    # What is declared. Settings check a profile's name.
    "declarations.names",
    "settings",
    "declarations",
    # Work of steps.
    "tables",
    "hub",
    "weights",
    "chat",
    "statistics",
    "ingest",
    "adapters",
    "training",
    "demo",
    "embedding",
    "judging",
    "generation",
    "leaderboard",
    "quality",
    "people",
    # Comparing two manifests serves reports, which mark scores of other machines, and the walk of `why`.
    "lineage.causes",
    "lineage.changed_values",
    "lineage.changed_machines",
    "reports",
    "lineage",
    "status",
    "release",
    "alerts",
    # Processes that do the work above.
    "jobs",
    # Dagster. Acts of people may make versions again, which needs the definitions of assets.
    "orchestration",
    "reproduction",
    "orchestration.acts",
    # A sensor of the code location that the command line uses as well.
    "execution.dead_runs",
    "definitions",
    "execution",
    "cli",
)
"""A module imports from its own layer and from those before. The longest name that fits a module names its layer."""


@cache
def _imports() -> Imports:
    return package_imports(_PACKAGE)


def _layer(module: str) -> int:
    name = module.removeprefix("sg_assets.")
    fitting = [layer for layer in _LAYERS if name == layer or name.startswith(f"{layer}.")]
    assert fitting, f"{module} has no layer: add its package to _LAYERS"
    return _LAYERS.index(max(fitting, key=len))


def test_no_modules_import_each_other() -> None:
    assert circles(_imports()) == []


def test_imports_go_from_later_layers_to_earlier_ones() -> None:
    upward = [
        f"{module} imports {imported}"
        for module, all_imported in _imports().items()
        for imported in sorted(all_imported)
        if "sg_assets" not in (module, imported) and _layer(imported) > _layer(module)
    ]

    assert upward == []


def test_the_package_has_few_files_at_its_root() -> None:
    assert len(list(_PACKAGE.glob("*.py"))) <= _ROOT_FILES


def test_a_circle_is_reported_whole(tmp_path: Path) -> None:
    package = tmp_path / "shop"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "basket.py").write_text("from shop.item import Item\n")
    (package / "item.py").write_text("def price() -> None:\n    from shop import tax\n")
    (package / "tax.py").write_text("if TYPE_CHECKING:\n    from shop.basket import Basket\n")
    (package / "till.py").write_text("import shop.basket\n")

    assert circles(package_imports(package)) == [("shop.basket", "shop.item", "shop.tax")]
