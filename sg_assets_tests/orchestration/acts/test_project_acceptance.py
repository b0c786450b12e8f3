"""Accepting versions of a project, and checking an acceptance by a rebuild."""

import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.acts.project_acceptance import check, project_acceptances, project_undoable
from sg_assets.orchestration.asset_defs import asset_defs_of
from sg_assets.orchestration.project import Project
from sg_assets_tests.orchestration.older import LEXICON, TEMPLATES, changed_column, made_by_older_code

pytestmark = pytest.mark.slow


def test_a_version_of_older_code_can_be_accepted(project: Project) -> None:
    made = made_by_older_code(project, TEMPLATES)
    [acceptance] = project_acceptances(project, asset_defs_of(project), [TEMPLATES]).accepted
    assert acceptance.version == made


def test_a_rebuild_of_equal_content_says_so(project: Project) -> None:
    made = made_by_older_code(project, TEMPLATES)
    lines = list(check(project, project_acceptances(project, asset_defs_of(project), [TEMPLATES])))
    assert lines == [f"Rebuilt with today's code: {TEMPLATES}", f"  equal to {made.version}"]


def test_a_rebuild_of_other_content_is_an_error_with_the_first_difference(project: Project) -> None:
    made_by_older_code(project, LEXICON, changed_column("meaning"))
    planned = project_acceptances(project, asset_defs_of(project), [LEXICON])
    with pytest.raises(SgAssetsError, match=r"today's code makes content that differs from .*: first at"):
        list(check(project, planned))


def test_where_nothing_is_accepted_nothing_can_be_undone(project: Project) -> None:
    made_by_older_code(project, TEMPLATES)
    with pytest.raises(SgAssetsError, match="none of the named partitions has an acceptance"):
        project_undoable(project, [TEMPLATES])
