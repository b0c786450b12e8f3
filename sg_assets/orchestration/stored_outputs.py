"""The stored outputs of models that steps read: compared with their seals before, and sealed after."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from sg_assets.generation.kept_outputs import intact
from sg_assets.orchestration.project import Project

Log = Callable[[str], None]


def stored_answers(project: Project, log: Log) -> AbstractContextManager[Path]:
    """The folder of stored answers while a step uses it (`kept_outputs.intact`)."""
    return intact(project.settings.answers, log, is_paid=project.declared.profile.generator is not None)


def stored_scores(project: Project, log: Log) -> AbstractContextManager[Path]:
    """The folder of stored scores of judges while a step uses it."""
    return intact(project.settings.judged, log)


def stored_vectors(project: Project, log: Log) -> AbstractContextManager[Path]:
    """The folder of stored vectors while a step uses it."""
    return intact(project.settings.embedded, log, is_paid=project.declared.profile.paid_embedder is not None)
