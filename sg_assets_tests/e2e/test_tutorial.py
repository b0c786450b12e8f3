"""The tutorial's own file and commands, from declaring a variant to taking it out, on the tiny profile."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from sg_assets_tests.e2e.conftest import Finished, sg_assets
from sg_assets_tests.e2e.test_new_variant import declare
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.e2e
DECLARED = ("base", "sft_r128", "sft_kto", "sft_dpo")


def section(number: int) -> str:
    text = (PROJECT / "docs/tutorial.md").read_text(encoding="utf-8")
    return re.split(r"^## ", text, flags=re.MULTILINE)[number]


def commands(number: int) -> list[list[str]]:
    """The commands of a section's blocks, without what stands beside them as comment."""
    blocks = re.findall(r"```\n(.*?)```", section(number), re.DOTALL)
    lines = [shlex.split(line, comments=True) for block in blocks for line in block.splitlines()]
    return [line[1:] for line in lines if line[:1] == ["sg-assets"]]


def documented(pattern: str, number: int) -> str:
    [text] = re.findall(pattern, section(number), re.DOTALL)
    return str(text)


def test_the_tutorial_reads_true(finished: Finished, tmp_path: Path) -> None:
    project, home = tmp_path / "project", tmp_path / "home"
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, project / folder)
    shutil.copytree(finished.home, home)

    def say(command: list[str]) -> str:
        ended = sg_assets(home, *command, SG_PROJECT=str(project), COLUMNS="400")
        assert ended.returncode == 0, (command, ended.stderr)
        return ended.stdout

    assert commands(1) == [["status"]]
    assert "missing" not in say(["status"])
    path = project / documented(r"`(models/variants/\w+\.yaml)`", 3)
    path.write_text(documented(r"```yaml\n(.*?)```", 3), encoding="utf-8")
    declare(project, *DECLARED, path.stem)  # unlike the demo's, this profile lists its variants
    [plan], [backfill] = commands(4), commands(5)
    assert re.search(
        r"adapters/kto\[kto_gentle\].*scores/sg_safety\[kto_gentle\].*reports/results", say(plan), re.DOTALL
    )
    say(backfill)
    assert "nothing to do" in say(backfill)
    assert path.stem in say(["results"])
    path.write_text(re.sub(r"learning_rate: [\d.]+", documented(r"Set `(.+?)`", 6), path.read_text()), encoding="utf-8")
    status, again, why = commands(6)
    assert documented(r"# out of date: (.+?)\n", 6) in say(status)
    say(again)
    assert "scores/sg_safety[kto_gentle]" in say(why)  # so small a model's score need not move
    assert "learning_rate" in say(["why", "adapters/kto[kto_gentle]"])
    path.unlink()
    declare_back(project, path.stem)
    assert "no longer declared" in say(["status"])
    assert say(shlex.split(documented(r"`sg-assets (versions .+?)`", 7)))


def declare_back(project: Path, gone: str) -> None:
    profile = project / "models/profiles/tiny.yaml"
    profile.write_text(profile.read_text().replace(f", {gone}]", "]"))
