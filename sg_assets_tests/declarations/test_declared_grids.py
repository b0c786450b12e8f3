"""Grids within a project: profiles, questions and parents name them or their members."""

import shutil
from pathlib import Path

import pytest

from sg_assets.declarations.cache import FILE, cached_project
from sg_assets.declarations.kinds.training import ADAPTER
from sg_assets.declarations.project_declarations import ProjectDeclarations, read_project
from sg_assets.errors import SgAssetsError
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow

SWEEP = "description: A sweep\nmethod: sft\nparent: base\nmix: balanced\ngrid:\n  rank: [8, 16, 32]\n  {axis}\n"
OF_12 = SWEEP.replace("{axis}", "learning_rate: [0.0001, 0.0002, 0.0004, 0.0008]")
SMALL = SWEEP.replace("  {axis}\n", "")
VARIANTS = "variants: [base, sft_r128, sft_kto, sft_dpo]"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / "project" / folder)
    return tmp_path / "project"


def declare(project: Path, text: str, *variants: str, name: str = "sweep") -> None:
    (project / f"models/variants/{name}.yaml").write_text(text, encoding="utf-8")
    profile = project / "models/profiles/tiny.yaml"
    named = f"variants: [{', '.join(('base', 'sft_r128', 'sft_kto', 'sft_dpo', *variants))}]"
    profile.write_text(profile.read_text(encoding="utf-8").replace(VARIANTS, named), encoding="utf-8")


def read(project: Path, profile: str = "tiny") -> ProjectDeclarations:
    return read_project(project, profile, generated_comments=True)


def test_a_grid_of_12_is_12_partitions_of_every_asset_of_variants(project: Path) -> None:
    declare(project, OF_12, "sweep")
    whole = read(project)
    members = whole.declared.grids["sweep"]
    assert len(members) == 12
    for asset in ("adapters/sft", "responses/sg_safety", "scores/sg_safety", "reports/model_card"):
        assert set(members) <= set(whole.graph.nodes[asset].partitions or ())


def test_a_profile_may_run_some_members(project: Path) -> None:
    declare(project, OF_12, "sweep_rank_8_learning_rate_0p0001")
    assert read(project).declared.grids == {"sweep": ("sweep_rank_8_learning_rate_0p0001",)}


def test_a_profile_without_a_list_runs_all_members(project: Path) -> None:
    declare(project, OF_12, "sweep")
    assert len(read(project, "demo").declared.grids["sweep"]) == 12


def test_members_stand_together_whatever_their_mixes(project: Path) -> None:
    axes = "description: x\nmethod: sft\nparent: base\ngrid: {mix: [balanced, unsafe_30], rank: [8, 1024]}\n"
    declare(project, axes, "sweep")
    names = [*read(project, "demo").declared.variants]
    places = [names.index(name) for name in names if name.startswith("sweep")]
    assert places == list(range(places[0], places[0] + 4))


def test_others_stand_where_they_stood(project: Path) -> None:
    before = [*read(project, "demo").declared.variants]
    declare(project, OF_12, "sweep")
    assert [name for name in read(project, "demo").declared.variants if not name.startswith("sweep")] == before


def test_members_may_be_parents_and_be_compared(project: Path) -> None:
    declare(project, SMALL, "sweep", "kto_on_sweep")
    kto = "description: x\nmethod: kto\nparent: sweep_rank_8\nmix: balanced\nrank: 8\n"
    (project / "models/variants/kto_on_sweep.yaml").write_text(kto)
    (project / "models/comparisons.yaml").write_text(
        "comparisons:\n  - {id: c, question: 'Which?', variant: sweep_rank_8, against: sweep_rank_16,\n"
        "     benchmark: sg_safety, metric: rejection_rate, slice: safe, asks: different}\n"
    )
    whole = read(project)
    assert "adapters/sft[sweep_rank_8]" in map(str, whole.graph.inputs("adapters/kto", "kto_on_sweep"))
    assert [comparison.id for comparison in whole.declared.comparisons] == ["c"]


def test_a_grid_may_be_trained_again_with_other_seeds(project: Path) -> None:
    declare(project, SMALL, "sweep")
    profile = project / "models/profiles/tiny.yaml"
    profile.write_text(f"{profile.read_text()}replicates: {{seeds: [1, 2], variants: [sweep]}}\n")
    declared = read(project).declared
    assert declared.replicates["sweep_rank_8"] == ("sweep_rank_8_seed_1", "sweep_rank_8_seed_2")
    assert declared.grids["sweep"] == ("sweep_rank_8", "sweep_rank_16", "sweep_rank_32")


def test_adapters_of_a_grid_are_declared_by_its_file(project: Path) -> None:
    declare(project, SMALL, "sweep")
    files = [*ADAPTER.declared_in(read(project).declared, "adapters/sft")]
    assert files == ["models/variants/sweep.yaml", "models/variants/sft_r128.yaml"]


def test_the_declarations_are_cached_with_their_grids(project: Path, tmp_path: Path) -> None:
    declare(project, OF_12, "sweep")
    (tmp_path / "home").mkdir()
    first, again = (cached_project(project, "tiny", tmp_path / "home", generated_comments=True) for _ in range(2))
    assert (tmp_path / "home" / FILE).exists()
    assert again == first
    assert again.declared.grids == first.declared.grids


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "description: x\nmethod: kto\nparent: sft_r128\nmix: balanced\ngrid: {rank: [128, 64]}\n",
            "models/variants/sweep.yaml, line 5, grid.rank: is 64. The training goes on from the adapter of 'sft_r128'",
        ),
        (
            "description: x\nmethod: sft\nparent: base\nrank: 8\ngrid:\n  mix: [balanced,\n    balancd]\n",
            "models/variants/sweep.yaml, line 7, grid.mix: unknown mix 'balancd'. Did you mean 'balanced'?",
        ),
        (
            "description: x\nmethod: kto\nmix: balanced\nrank: 128\ngrid: {parent: [sft_r128, sft_kto]}\n",
            "models/variants/sweep.yaml, line 5, grid.parent: a kto variant cannot have the kto variant 'sft_kto'",
        ),
        (
            "description: x\nmethod: kto\nparent: base\nmix: balanced\nrank: 8\n"
            "grid: {batch_size: [8, 4096], seed: [1, 2]}\n",
            "models/variants/sweep.yaml, line 6, grid.batch_size: is 4096 for kto",
        ),
        (
            "description: x\nmethod: dpo\nparent: base\nmix: unsafe_only\nrank: 8\ngrid: {loss: [ipo, kto]}\n",
            "models/variants/sweep.yaml, line 6, grid.loss: 'kto' is no loss of dpo",
        ),
    ],
)  # fmt: skip
def test_a_combination_that_cannot_be_is_told_by_file_and_line(project: Path, text: str, says: str) -> None:
    declare(project, text, "sweep")
    with pytest.raises(SgAssetsError) as raised:
        read(project)
    assert str(raised.value).startswith(f"1 declaration(s) are wrong:\n- {says}")


def test_a_wrong_grid_is_reported_once_and_not_where_it_is_named(project: Path) -> None:
    declare(project, SMALL.replace("8, 16", "0, 16"), "sweep", "sweep_rank_16")
    with pytest.raises(SgAssetsError, match=r"^1 declaration"):
        read(project)


def test_a_file_may_not_take_the_name_of_a_member(project: Path) -> None:
    declare(project, SMALL, "sweep")
    shutil.copy(project / "models/variants/sft_r16.yaml", project / "models/variants/sweep_rank_8.yaml")
    with pytest.raises(SgAssetsError, match=r"'sweep_rank_8' is declared twice.*sweep\.yaml makes a variant"):
        read(project)
