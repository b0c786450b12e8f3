"""A project's declarations are read and checked together: wrong ones that no single file shows, and their count."""

import shutil
from pathlib import Path

import pytest

from sg_assets.declarations import load_declarations
from sg_assets.declarations.project_declarations import read_project
from sg_assets.errors import SgAssetsError
from sg_assets_tests.paths import PROJECT

pytestmark = pytest.mark.slow

HEADER = "-- description: x\n-- key: text_id\n"
SFT = "description: x\nmethod: sft\nparent: base\nmix: balanced\nrank: 16\n"
COMPARISON = (
    "comparisons:\n  - {id: q, question: x, variant: sft_r128, against: base, benchmark: sg_safety,"
    " metric: toxicity_rate, slice: unsafe, asks: lower}\n"
)
FIGURE = (
    "figures:\n  - id: f\n    title: x\n    kind: scores\n    variants: [base, sft_r128]\n"
    "    scores: [{benchmark: sg_safety, metric: toxicity_rate, slice: unsafe}]\n"
)
PUBLISHED = (
    "source: x\nnumbers:\n  - {variant: base, benchmark: toxigen, metric: toxicity_rate, slice: hate, value: 0.1}\n"
)
BENCHMARK = (PROJECT / "models/benchmarks/toxigen.yaml").read_text(encoding="utf-8").split("\nshown:")[0]
DEMO = (PROJECT / "models/profiles/demo.yaml").read_text(encoding="utf-8").split("licences:")[0]
SHOWN = "  - {metric: toxicity_rate, slice: hate, title: x, better: lower}\n"

WRONG: dict[str, tuple[str, str | bytes, list[str]]] = {
    "a name beside the file's": (
        "models/variants/twin.yaml", "name: sft_r16\n" + SFT, ["models/variants/twin.yaml", "unknown key 'name'"]
    ),
    "an adapter named like a chat model": (
        "models/variants/base.yaml", SFT, ["models/variants/base.yaml", "'base' is the name of a chat model"]
    ),
    "sql for what python makes": (
        "sql/raw/forum_comments.sql", HEADER + "SELECT 1 AS text_id",
        ["sql/raw/forum_comments.sql", "is not made by SQL"]
    ),
    "a quote that never ends": (
        "sql/templated/extra.sql", HEADER + "SELECT 'x AS text_id", ["sql/templated/extra.sql", "does not parse"]
    ),
    "sql in another encoding": (
        "sql/templated/extra.sql", b"-- description: caf\xe9\n", ["sql/templated/extra.sql", "not UTF-8"]
    ),
    "a table named at run time": (
        "sql/templated/extra.sql", HEADER + "SELECT text_id FROM query_table('x')",
        ["sql/templated/extra.sql", "Only assets may be read"]
    ),
    "a benchmark of a missing asset": (
        "models/benchmarks/extra.yaml", "description: x\nitems: SELECT 1 FROM raw.nothing\njudges: {}\n",
        ["models/benchmarks/extra.yaml, items", "unknown asset 'raw/nothing'"]
    ),
    "a comparison of an unknown variant": (
        "models/comparisons.yaml", COMPARISON.replace("sft_r128", "sft_r182"),
        ["models/comparisons.yaml, q.variant", "unknown variant 'sft_r182'", "Did you mean 'sft_r128'"]
    ),
    "a comparison on an unknown benchmark": (
        "models/comparisons.yaml", COMPARISON.replace("sg_safety", "sg_safty"),
        ["models/comparisons.yaml, q.benchmark", "Did you mean 'sg_safety'"]
    ),
    "a figure of an unknown variant": (
        "models/figures.yaml", FIGURE.replace("sft_r128", "sft_r182"),
        ["models/figures.yaml, f.variants", "unknown variant 'sft_r182'", "Did you mean 'sft_r128'"]
    ),
    "a figure of a score that no report shows": (
        "models/figures.yaml", FIGURE.replace("toxicity_rate", "toxicty_rate"),
        ["models/figures.yaml, f.scores", "unknown score shown by sg_safety", "Did you mean 'toxicity_rate of unsafe'"]
    ),
    "a figure of skills with scores": (
        "models/figures.yaml", FIGURE.replace("kind: scores", "kind: skills"),
        ["models/figures.yaml, figures[0]", "a figure of kind 'skills' takes no scores"]
    ),
    "a published number of an unknown benchmark": (
        "models/published/other.yaml", PUBLISHED.replace("toxigen", "toxigene"),
        ["models/published/other.yaml, numbers", "unknown benchmark 'toxigene'", "Did you mean 'toxigen'"]
    ),
    "a published number and a change": (
        "models/published/other.yaml", PUBLISHED.replace("value: 0.1", "value: 0.1, change: 0.1"),
        ["models/published/other.yaml", "either value or change"]
    ),
    "a publication that is not there": (
        "models/profiles/demo.yaml", DEMO + "published: artcle\n",
        ["models/profiles/demo.yaml, published", "there is no models/published/artcle.yaml", "Did you mean 'article'"]
    ),
    "a variant compared with itself": (
        "models/comparisons.yaml", COMPARISON.replace("against: base", "against: sft_r128"),
        ["models/comparisons.yaml, comparisons[0]", "not compared with itself"]
    ),
    "a score shown twice": (
        "models/benchmarks/toxigen.yaml", f"{BENCHMARK}\nshown:\n{SHOWN * 2}",
        ["models/benchmarks/toxigen.yaml", "toxicity_rate of hate is listed twice"]
    ),
    "a licence of an unknown judge": (
        "models/profiles/demo.yaml", DEMO + "licences: {judges: {toxicty: MIT}}\n",
        ["models/profiles/demo.yaml, licences.judges", "unknown judge 'toxicty'", "Did you mean 'toxicity'"]
    ),
    "one axis of two": (
        "models/benchmarks/toxigen.yaml", f"{BENCHMARK}\nshown:\n{SHOWN}".replace("lower}", "lower, axis: x}"),
        ["models/benchmarks/toxigen.yaml", "one axis: x and one axis: y"]
    ),
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("models", "sql"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    return tmp_path


@pytest.mark.parametrize("case", WRONG)
def test_it_is_told_by_file_and_reason(project: Path, case: str) -> None:
    file, content, expected = WRONG[case]
    (project / file).parent.mkdir(exist_ok=True)
    (project / file).write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(SgAssetsError) as caught:
        read_project(project, "demo", generated_comments=True)
    for part in expected:
        assert part in str(caught.value)


def test_every_problem_is_counted(project: Path) -> None:
    for name in ("one", "two"):
        (project / f"models/variants/{name}.yaml").write_text(SFT.replace("balanced", "nothing"))
    with pytest.raises(SgAssetsError, match=r"^2 declaration\(s\) are wrong"):
        load_declarations(project, "demo")
