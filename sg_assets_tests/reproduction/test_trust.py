"""Which stored code may run, and what is kept from code that only a person trusts."""

from pathlib import Path

import pytest

from sg_assets.reproduction.trust import is_of_this_checkout, without_secrets
from sg_assets.store.manifests import GitState
from sg_assets_tests.repositories import git

TEXTS = {"sg_assets/__init__.py": "", "sg_assets/work.py": "X = 1\n"}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository whose first commit has the texts, and whose second has others."""
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    for text in ("X = 1\n", "X = 2\n"):
        (tmp_path / "sg_assets").mkdir(exist_ok=True)
        (tmp_path / "sg_assets/__init__.py").touch()
        (tmp_path / "sg_assets/work.py").write_text(text)
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "--quiet", "-m", text)
    return tmp_path


def state(checkout: Path, revision: str) -> GitState:
    return GitState(commit=git(checkout, "rev-parse", revision), dirty=False)


def test_the_texts_of_a_commit_of_this_checkout_are_trusted(checkout: Path) -> None:
    assert is_of_this_checkout(TEXTS, state(checkout, "HEAD~1"), checkout / "sg_assets")


def test_the_texts_of_another_commit_are_not(checkout: Path) -> None:
    assert not is_of_this_checkout(TEXTS, state(checkout, "HEAD"), checkout)


def test_a_file_that_the_commit_lacks_is_not(checkout: Path) -> None:
    texts = {**TEXTS, "sg_assets/more.py": "import os\n"}
    assert not is_of_this_checkout(texts, state(checkout, "HEAD~1"), checkout)


def test_a_commit_that_no_branch_holds_is_not(checkout: Path) -> None:
    git(checkout, "checkout", "--quiet", "-b", "fetched")
    (checkout / "sg_assets/work.py").write_text("EVIL = 1\n")
    git(checkout, "commit", "--quiet", "-am", "evil")
    evil = state(checkout, "HEAD")
    git(checkout, "checkout", "--quiet", "main")
    git(checkout, "update-ref", "refs/remotes/origin/fetched", evil.commit)
    git(checkout, "branch", "--quiet", "-D", "fetched")
    assert not is_of_this_checkout({**TEXTS, "sg_assets/work.py": "EVIL = 1\n"}, evil, checkout)


def test_a_commit_that_is_not_here_is_not(checkout: Path) -> None:
    assert not is_of_this_checkout(TEXTS, GitState(commit="0" * 40, dirty=False), checkout)


@pytest.mark.parametrize("commit", ["HEAD~1", "--output=evil", "main", ""])
def test_only_a_full_commit_is_looked_for(checkout: Path, commit: str) -> None:
    assert not is_of_this_checkout(TEXTS, GitState(commit=commit, dirty=False), checkout)


def test_outside_of_a_repository_nothing_is_trusted(tmp_path: Path) -> None:
    assert not is_of_this_checkout(TEXTS, GitState(commit="0" * 40, dirty=False), tmp_path)


def test_no_text_at_all_is_not_trusted(checkout: Path) -> None:
    assert not is_of_this_checkout({}, state(checkout, "HEAD"), checkout)


def test_what_sounds_like_a_secret_is_kept_from_it() -> None:
    environment = {
        "PATH": "/bin", "SG_HOME": "/home", "HF_TOKEN": "a", "OPENAI_API_KEY": "b", "AWS_SECRET_ACCESS_KEY": "c",
        "DAGSTER_PG_PASSWORD": "d", "GOOGLE_APPLICATION_CREDENTIALS": "e",
    }  # fmt: skip
    assert without_secrets(environment) == {"PATH": "/bin", "SG_HOME": "/home"}
