"""The project whose answers people label."""

from sg_assets_tests.judging.conftest import judge_folder
from sg_assets_tests.people.labelled_project import labelled_home, project, sheet

__all__ = ["judge_folder", "labelled_home", "project", "sheet"]
