"""The code record of a package that is a few texts, every definition of some modules being run."""

from collections.abc import Mapping

from sg_assets.code.closure import Analysis
from sg_assets.code.exclusion_table import EXCLUSIONS
from sg_assets.code.modules import Definition
from sg_assets.code.package import package_of
from sg_assets.code.stored_listing import as_stored
from sg_assets.store.step_code import StepCode, record_of


def code_of_texts(modules: Mapping[str, str], queries: Mapping[str, str] | None = None) -> StepCode:
    """As ``code_of`` gives it of installed code.

    Args:
        modules: Texts by import name.
        queries: Canonical texts by file.
    """
    files = {f"{name.replace('.', '/')}.py": text for name, text in modules.items()}
    package = package_of({"sg_assets/__init__.py": "", **files})
    analysis = Analysis(package, EXCLUSIONS)
    entries = [Definition(name, entry) for name in modules for entry in analysis.modules[name].statements]
    return record_of(analysis.closure(entries), as_stored(package), (queries or {}).items())
