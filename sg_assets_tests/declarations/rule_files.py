"""A project whose only rule is the one under test."""

from pathlib import Path

from sg_assets.declarations.project_declarations import ProjectDeclarations, read_project

FILE = "models/expectations/templated/prompts.yaml"


def load(
    project: Path, rule: str, about: str = "templated/prompts", head: str = "id: it, description: It holds."
) -> ProjectDeclarations:
    path = project / f"models/expectations/{about}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"expectations:\n  - {{{head}, {rule}}}\n")
    return read_project(project, "tiny", generated_comments=True)
