"""Reading declarations: every wrong one is reported by file, key and reason."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sg_assets.declarations import load_declarations
from sg_assets.declarations.declared_files import declared_files
from sg_assets.declarations.project_declarations import read_project
from sg_assets.errors import SgAssetsError
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    return tmp_path


def load(project: Path, profile: str = "demo") -> None:
    """Read and check the declarations, as loading definitions does."""
    read_project(project, profile, generated_comments=True)


def replaced(file: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(project: Path) -> None:
        path = project / file
        text = path.read_text()
        assert old in text, f"'{old}' is not in {file}: the case tests nothing"
        path.write_text(text.replace(old, new, 1))

    return edit


def written(file: str, text: str) -> Callable[[Path], None]:
    def edit(project: Path) -> None:
        (project / file).parent.mkdir(parents=True, exist_ok=True)
        (project / file).write_text(text)

    return edit


def removed(file: str) -> Callable[[Path], None]:
    return lambda project: (project / file).unlink()


VARIANT = "description: x\nmethod: {method}\nparent: {parent}\nmix: balanced\nrank: 16\n"
HEADER = "-- description: x\n-- key: text_id\n"

WRONG: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "a chat template that is not there": (
        replaced(
            "models/profiles/demo.yaml",
            "reference: {seed: 1}",
            "reference: {hub: {repo: sg/x, revision: main}, chat: {chat_template: lama.jinja}}",
        ),
        ["demo.yaml, chat_models.reference.chat.chat_template", "there is no models/chat_templates/lama.jinja"],
    ),
    "prompts longer than the model takes": (
        replaced("models/profiles/demo.yaml", "max_prompt_tokens: 1024", "max_prompt_tokens: 4049"),
        ["demo.yaml, generation: max_prompt_tokens with max_new_tokens: is 4,097 tokens", "takes 4,096"],
    ),
    "unknown parent": (
        replaced("models/variants/sft_kto.yaml", "parent: sft_r128", "parent: sft_r129"),
        ["models/variants/sft_kto.yaml, parent", "unknown parent 'sft_r129'", "Did you mean 'sft_r128'?"],
    ),
    "kto on a kto parent": (
        written("models/variants/kto_twice.yaml", VARIANT.format(method="kto", parent="sft_kto")),
        ["models/variants/kto_twice.yaml, parent", "kto variant 'sft_kto'", "Parents that fit"],
    ),
    "sft on an sft parent": (
        written("models/variants/sft_twice.yaml", VARIANT.format(method="sft", parent="sft_r16")),
        ["models/variants/sft_twice.yaml, parent", "sft variant 'sft_r16'"],
    ),
    "a variant that is its own parent": (
        written("models/variants/loop.yaml", VARIANT.format(method="dpo", parent="loop")),
        ["models/variants/loop.yaml, parent", "dpo variant 'loop'"],
    ),
    "unknown mix": (
        replaced("models/variants/sft_kto.yaml", "mix: balanced", "mix: balance"),
        ["models/variants/sft_kto.yaml, mix", "unknown mix 'balance'", "Did you mean 'balanced'?"],
    ),
    "unknown method": (
        replaced("models/variants/sft_kto.yaml", "method: kto", "method: ppo"),
        ["models/variants/sft_kto.yaml", "method", "'kto'"],
    ),
    "unknown key": (
        replaced("models/variants/sft_kto.yaml", "rank: 128", "rnak: 128"),
        ["models/variants/sft_kto.yaml", "unknown key 'rnak'", "Did you mean 'rank'?"],
    ),
    "unknown key in a group": (
        replaced("models/profiles/demo.yaml", "warmup_ratio: 0.1", "warmup: 0.1"),
        ["models/profiles/demo.yaml", "training.defaults.warmup", "Did you mean 'warmup_ratio'?"],
    ),
    "a rank that is no number": (
        replaced("models/variants/sft_kto.yaml", "rank: 128", "rank: high"),
        ["models/variants/sft_kto.yaml", "rank", "integer"],
    ),
    "a variant without a mix": (
        replaced("models/variants/sft_r16.yaml", "mix: balanced\n", ""),
        ["models/variants/sft_r16.yaml", "needs a mix and a rank"],
    ),
    "a mix for a model that is not trained": (
        replaced("models/variants/base.yaml", "method: none", "method: none\nmix: balanced"),
        ["models/variants/base.yaml", "method 'none' trains nothing"],
    ),
    "beta for sft": (
        replaced("models/variants/sft_r16.yaml", "rank: 16", "rank: 16\ntraining: {beta: 0.1}"),
        ["models/variants/sft_r16.yaml", "beta applies to kto and dpo only"],
    ),
    "a file name that is no safe name": (
        written("models/variants/SFT-best.yaml", VARIANT.format(method="sft", parent="base")),
        ["models/variants/SFT-best.yaml", "not a safe name"],
    ),
    "a template without a slot": (
        replaced("models/templates.yaml", "comment: {text}", "comment: text"),
        ["models/templates.yaml, templates[0]", "must hold {text} exactly once"],
    ),
    "a template with two slots": (
        replaced("models/templates.yaml", "comment: {text}", "comment: {text} {text}"),
        ["models/templates.yaml, templates[0]", "holds it 2 times"],
    ),
    "a template id twice": (
        written("models/templates.yaml", "templates:\n" + "- {id: same, text: 'a {text}', safe_ok: true}\n" * 2),
        ["models/templates.yaml, templates", "'same' is listed twice"],
    ),
    "no few-shots": (removed("models/few_shots.yaml"), ["models/few_shots.yaml", "the file is missing"]),
    "broken yaml": (
        written("models/mixes/odd.yaml", "description: [x\n"),
        ["models/mixes/odd.yaml", "is not valid YAML"],
    ),
    "yaml that is a list": (
        written("models/mixes/odd.yaml", "- x\n"),
        ["models/mixes/odd.yaml", "`key: value`"],
    ),
    "a share above one": (
        replaced("models/mixes/balanced.yaml", "unsafe_share: 0.5", "unsafe_share: 5"),
        ["models/mixes/balanced.yaml", "unsafe_share", "less than or equal to 1"],
    ),
    "an unknown judge": (
        replaced("models/benchmarks/toxigen.yaml", "is_toxic: toxigen", "is_toxic: toxigenn"),
        ["models/benchmarks/toxigen.yaml, judges.is_toxic", "unknown judge", "Did you mean 'toxigen'?"],
    ),
    "sides that take more texts than there are": (
        replaced("models/profiles/demo.yaml", "texts_per_label: 900", "texts_per_label: 90"),
        ["models/profiles/demo.yaml", "splits take 900 texts per label, texts_per_label is 90"],
    ),
    "label bounds the wrong way round": (
        replaced("models/profiles/demo.yaml", "safe_at_most: 0.2", "safe_at_most: 0.9"),
        ["models/profiles/demo.yaml", "labelling", "must be below"],
    ),
    "a profile without a lane": (
        replaced("models/profiles/demo.yaml", "lanes: 2", "lanes: 0"),
        ["models/profiles/demo.yaml", "lanes", "greater than or equal to 1"],
    ),
    "a profile with an unknown variant": (
        replaced("models/profiles/demo.yaml", "rank_scale", "variants: [base, sft_r12]\nrank_scale"),
        ["models/profiles/demo.yaml, variants", "unknown variant 'sft_r12'", "Did you mean 'sft_r128'?"],
    ),
    "sql that reads a missing asset": (
        written("sql/templated/extra.sql", HEADER + "SELECT text_id FROM raw.forum_coments\n"),
        ["sql/templated/extra.sql", "unknown asset 'raw/forum_coments'", "Did you mean 'raw/forum_comments'?"],
    ),
    "sql that reads a file": (
        written("sql/templated/extra.sql", HEADER + "SELECT text_id FROM read_parquet('/tmp/x.parquet')\n"),
        ["sql/templated/extra.sql", "Only assets may be read"],
    ),
    "sql with two statements": (
        written("sql/templated/extra.sql", HEADER + "SELECT 1 AS text_id; SELECT 2 AS text_id\n"),
        ["sql/templated/extra.sql", "does not hold exactly one SELECT"],
    ),
    "sql that writes": (
        written("sql/templated/extra.sql", HEADER + "DROP TABLE raw.forum_comments\n"),
        ["sql/templated/extra.sql", "does not hold exactly one SELECT"],
    ),
    "sql that does not parse": (
        written("sql/templated/extra.sql", HEADER + "SELECT FROM WHERE (\n"),
        ["sql/templated/extra.sql", "does not parse"],
    ),
    "sql without a key": (
        written("sql/templated/extra.sql", "-- description: x\nSELECT text_id FROM raw.forum_comments\n"),
        ["sql/templated/extra.sql", "the header lacks 'key'"],
    ),
    "sql with an unknown header key": (
        written("sql/templated/extra.sql", HEADER + "-- partition: mix of sft\nSELECT 1 AS text_id\n"),
        ["sql/templated/extra.sql", "unknown header key 'partition'", "Did you mean 'partitions'?"],
    ),
    "sql with an unknown parameter": (
        replaced("sql/templated/prompts.sql", "$texts_per_label", "$text_per_label"),
        ["sql/templated/prompts.sql", "unknown parameter '$text_per_label'", "Did you mean 'texts_per_label'?"],
    ),
    "sql that reads a missing column": (
        replaced("sql/templated/prompts.sql", "  sampled.text_id,\n", "  sampled.text_idd,\n"),
        ["sql/templated/prompts.sql", "unknown column 'text_idd'", "Did you mean 'text_id'?"],
    ),
    "a key the table does not have": (
        replaced("sql/templated/prompts.sql", "-- key: prompt_id", "-- key: promt_id"),
        ["sql/templated/prompts.sql, key", "no column 'promt_id'", "Did you mean 'prompt_id'?"],
    ),
    "a description of a column the table does not have": (
        replaced("sql/templated/prompts.sql", "-- column prompt:", "-- column prompts:"),
        ["sql/templated/prompts.sql, column", "no column 'prompts'", "Did you mean 'prompt'?"],
    ),
    "a check of a missing column": (
        replaced("sql/training/kto_examples.sql", "len(prompt) = 1", "len(promp) = 1"),
        [
            "sql/training/kto_examples.sql, line 9, check one_user_message",
            "unknown column 'promp'",
            "Did you mean 'prompt'?",
        ],
    ),
    "a check that is no condition": (
        replaced("sql/templated/splits.sql", "count(*) = (SELECT count(*) FROM templated.prompts)", "count(*)"),
        ["sql/templated/splits.sql, line 5, check a_side_for_every_prompt", "gives BIGINT", "true or false"],
    ),
    "a check of what the table is not made of": (
        replaced("sql/templated/splits.sql", "count(*) FROM templated.prompts)", "count(*) FROM demo.corpus)"),
        ["sql/templated/splits.sql, line 5, check a_side_for_every_prompt", "reads 'demo/corpus'"],
    ),
    "a check without a name": (
        replaced("sql/templated/splits.sql", "-- check a_side_for_every_prompt:", "-- check:"),
        ["sql/templated/splits.sql", "is not `-- check <name>: ...`"],
    ),
    "a header key twice": (
        replaced("sql/templated/splits.sql", "-- key: prompt_id", "-- key: prompt_id\n-- key: split"),
        ["sql/templated/splits.sql", "says 'key' twice"],
    ),
    "sql that reads a model": (
        written("sql/templated/extra.sql", HEADER + "SELECT text_id FROM models.generator\n"),
        ["sql/templated/extra.sql", "'models/generator' is not a table"],
    ),
    "a benchmark without a cluster": (
        replaced("models/benchmarks/sg_safety.yaml", "p.text_id AS cluster_id, ", ""),
        ["models/benchmarks/sg_safety.yaml, items", "no column 'cluster_id'"],
    ),
    "a benchmark that names an answer's column": (
        replaced("models/benchmarks/sg_safety.yaml", "p.template_id,", "p.template_id AS response,"),
        ["models/benchmarks/sg_safety.yaml, items", "'response'", "Rename it"],
    ),
    "a benchmark's metric without values": (
        replaced("sql/scores/sg_safety.sql", "is_toxic::DOUBLE AS value", "is_toxic::DOUBLE AS val"),
        ["sql/scores/sg_safety.sql", "no column 'value'", "Did you mean 'val'?"],
    ),
    "a threshold that is not named": (
        replaced("models/judges/toxicity.yaml", "threshold: balanced", "threshold: balancd"),
        ["models/judges/toxicity.yaml", "unknown threshold 'balancd'", "Did you mean 'balanced'?"],
    ),
    "texts for sides of single prompts": (
        replaced("models/profiles/demo.yaml", "splits:\n", "splits:\n  unit: pair\n"),
        ["models/profiles/demo.yaml", "train.texts does not apply where unit is 'pair'"],
    ),
    "a hub judge that is not declared": (
        replaced("models/profiles/paper.yaml", "  toxigen:\n    kind", "  toxigenn:\n    kind"),
        ["models/profiles/paper.yaml, judges", "unknown judge 'toxigenn'", "Did you mean 'toxigen'?"],
    ),
    "a judge to fit without texts": (
        replaced("models/profiles/demo.yaml", "  judge_texts: 4000\n", ""),
        ["models/profiles/demo.yaml, samples.judge_texts", "rejection, toxicity, toxigen, the embedder"],
    ),
    "two tables that read each other": (
        lambda project: [
            written("sql/extra/one.sql", HEADER + "SELECT text_id FROM extra.two\n")(project),
            written("sql/extra/two.sql", HEADER + "SELECT text_id FROM extra.one\n")(project),
        ][0],
        ["extra/one", "extra/two", "circle"],
    ),
}


BENCHMARK = (PROJECT / "models/benchmarks/toxigen.yaml").read_text()
TAKEN = ["objectives", "divergence", "leaderboard", "similarity", "raw", "normalised", "results", "release", "x_items"]


@pytest.mark.slow
@pytest.mark.parametrize("name", TAKEN)
@pytest.mark.parametrize("with_sql", [False, True])
def test_a_benchmark_cannot_have_a_name_that_is_built_in(project: Path, name: str, with_sql: bool) -> None:
    (project / f"models/benchmarks/{name}.yaml").write_text(BENCHMARK)
    if with_sql:
        text = (project / "sql/scores/toxigen.sql").read_text()
        (project / f"sql/scores/{name}.sql").write_text(text.replace("judgements.toxigen", f"judgements.{name}"))
    with pytest.raises(SgAssetsError, match=rf"- models/benchmarks/{name}\.yaml: the name '{name}' is taken"):
        load(project)


def files_of_every_kind() -> list[str]:
    """A file of each folder, and all of those that most others depend on."""
    names = [path.relative_to(PROJECT).as_posix() for path in declared_files(PROJECT).read]
    first = {name.rpartition("/")[0]: name for name in reversed(names) if "profiles" not in name}
    needed = ("models/benchmarks/", "models/judges/", "sql/scores/", "models/templates", "models/profiles/demo")
    return sorted({*first.values(), *(name for name in names if name.startswith(needed))})


@pytest.mark.slow
@pytest.mark.parametrize("name", files_of_every_kind())
def test_a_wrong_file_of_any_kind_is_reported_alone(project: Path, name: str) -> None:
    (project / name).write_text("description: [x\n" if name.endswith(".yaml") else "-- description: x\n")
    with pytest.raises(SgAssetsError, match=r"^1 declaration\(s\) are wrong"):
        load(project)


def test_a_wrong_benchmark_is_reported_alone(project: Path) -> None:
    (project / "models/benchmarks/sg_safety.yaml").write_text("description: [x\n")
    with pytest.raises(SgAssetsError, match=r"^1 declaration\(s\) are wrong"):
        load(project)


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_declaration_is_told_by_file_key_and_reason(project: Path, case: str) -> None:
    edit, expected = WRONG[case]
    edit(project)
    with pytest.raises(SgAssetsError) as caught:
        load(project, "paper" if "paper" in expected[0] else "demo")
    for part in expected:
        assert part in str(caught.value)


def test_the_copied_declarations_are_right_before_the_edit(project: Path) -> None:
    load(project)


def test_errors_of_several_files_are_told_together(project: Path) -> None:
    for case in ("unknown mix", "a template without a slot", "an unknown judge", "sql without a key"):
        WRONG[case][0](project)
    with pytest.raises(SgAssetsError) as caught:
        load(project)
    message = str(caught.value)
    assert message.startswith("4 declaration(s) are wrong")
    for case in ("unknown mix", "a template without a slot", "an unknown judge", "sql without a key"):
        assert WRONG[case][1][0] in message


def test_an_unknown_profile_names_the_nearest(project: Path) -> None:
    with pytest.raises(SgAssetsError, match=r"unknown profile 'demp'.*Did you mean 'demo'"):
        load_declarations(project, "demp")


@pytest.mark.parametrize(
    "case", ["broken yaml", "sql that does not parse", "a rank that is no number", "a share above one"]
)
def test_a_wrong_file_is_told_once_not_where_it_is_used(project: Path, case: str) -> None:
    WRONG[case][0](project)
    with pytest.raises(SgAssetsError, match=r"^1 declaration\(s\) are wrong"):
        load(project)


def test_errors_in_files_and_between_them_are_told_together(project: Path) -> None:
    for case in ("unknown mix", "sql that reads a missing asset", "sql that reads a missing column"):
        WRONG[case][0](project)
    with pytest.raises(SgAssetsError, match=r"^3 declaration\(s\) are wrong"):
        load(project)


def test_the_twelve_variants_are_declared() -> None:
    declared = load_declarations(PROJECT, "demo")
    assert list(declared.variants)[:2] == ["base", "reference"]
    assert len(declared.variants) == 12


def test_ten_of_the_twenty_one_templates_are_not_for_safe_text() -> None:
    declared = load_declarations(PROJECT, "demo")
    assert [len(declared.templates), sum(not template.safe_ok for template in declared.templates)] == [21, 10]


def test_the_paper_profile_takes_the_articles_sizes() -> None:
    profile = load_declarations(PROJECT, "paper").profile
    assert profile.texts_per_label == 4000
    assert profile.splits.holdout.pairs * 2 == 25_000
    assert profile.rank_scale == 1
