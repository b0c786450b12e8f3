"""A project's declarations, graph and tables, read in one go so that all errors are reported together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sg_assets.declarations.columns import Columns
from sg_assets.declarations.graph import Graph
from sg_assets.declarations.graph_building import graph_of
from sg_assets.declarations.kinds.registry import NAMED_ASSETS
from sg_assets.declarations.loading import Declarations, read_declarations
from sg_assets.declarations.problems import Problems
from sg_assets.declarations.records.alerts import unknown_assets
from sg_assets.declarations.replicates import check_seeds


@dataclass(frozen=True)
class ProjectDeclarations:
    """The checked declarations of a profile, and the graph and tables that follow from them."""

    declared: Declarations
    graph: Graph
    tables: Mapping[str, Columns]
    """The columns of every table, by asset."""


def read_project(
    root: Path, profile_name: str, *, generated_comments: bool, seed: int | None = None
) -> ProjectDeclarations:
    """Read and check everything under ``models/`` and ``sql/`` for one profile.

    Args:
        root: The project's folder.
        profile_name: The profile.
        generated_comments: Whether the comments are the generated ones (else they come from a folder).
        seed: In place of the profile's.

    Raises:
        SgAssetsError: one error listing everything that is wrong, by file and key.
    """
    # Its imports parse and bind SQL, which a cached load does not need.
    from sg_assets.declarations.validate.binding import bind_tables

    problems = Problems()
    declared = read_declarations(root, profile_name, problems)
    if declared is None:
        problems.raise_any()
        raise AssertionError("without a profile there was a problem")
    if seed is not None:
        declared = replace(declared, profile=declared.profile.model_copy(update={"seed": seed}))
        problems.call(check_seeds, declared.profile)
    graph = graph_of(declared, problems, generated_comments=generated_comments)
    declared, tables = bind_tables(declared, graph, problems)
    nameable = {*graph.nodes, *declared.broken_assets, *NAMED_ASSETS}
    for error in unknown_assets(declared.alerts, nameable, "models/alerts.yaml"):
        problems.add(error)
    problems.raise_any()
    return ProjectDeclarations(declared, graph, tables)
