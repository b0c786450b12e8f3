"""Judges that a profile declares wrongly."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sg_assets.declarations.project_declarations import read_project
from sg_assets_tests.bad_inputs.bad_input import Act, BadInput, error_of
from sg_assets_tests.paths import PROJECT

_CLASSIFIER = "kind: sequence_classification, model: {path: judge}, score_of: [toxic]"
_CUTS = "thresholds: {balanced: 0.5}, threshold: balanced"
Edit = Callable[[str], str]


def _profile(edit: Edit) -> Act:
    """Loads a copy of the project with an edited tiny profile."""

    def act(folder: Path, _: pytest.MonkeyPatch) -> str:
        for part in ("models", "sql"):
            shutil.copytree(PROJECT / part, folder / part)
        path = folder / "models" / "profiles" / "tiny.yaml"
        path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")
        return error_of(lambda: read_project(folder, "tiny", generated_comments=True))

    return act


def _judge(declared: str) -> Act:
    return _profile(lambda text: f"{text}\njudges:\n  toxicity: {{{declared}}}\n")


def _real_base(text: str) -> str:
    return text.replace("base: {seed: 0}", "base: {hub: {repo: sg/chat, revision: main}}")


_FILE = "models/profiles/tiny.yaml"
CASES = [
    BadInput(
        "thresholds-of-the-demo-judge",
        _judge(_CLASSIFIER),
        (_FILE, "judges.toxicity", "they belong to judge and model", "line"),
    ),
    BadInput("a-repository-without-a-kind", _judge("repo: a/b, revision: main"), (_FILE, "kind must be one of")),
    BadInput(
        "demo-judges-of-a-real-model",
        _profile(_real_base),
        (_FILE, "'rejection'", "answers of base", "demo_judges_score_real_models: true", "judges.toxicity"),
    ),
    BadInput(
        "a-pattern-that-is-none",
        _judge(f"{_CLASSIFIER}, {_CUTS}, filter: {{patterns: {{x: '(?<=a)b'}}}}"),
        (_FILE, "pattern 'x' is not an expression of RE2", "line"),
    ),
    BadInput(
        "a-fit-on-a-table-that-is-not-there",
        _judge(f"kind: embedding_head, {_CUTS}, fit: {{texts: raw/toxigen_sentence}}"),
        (_FILE, "judges.toxicity.fit.texts", "unknown asset 'raw/toxigen_sentence'"),
    ),
    BadInput(
        "a-judge-of-comments-that-sees-prompts",
        _judge(f"{_CLASSIFIER}, {_CUTS}, sees: [prompt, response]"),
        (_FILE, "the judge 'toxicity' sees prompts", "Declare sees: [response]"),
    ),
    BadInput("a-file-of-a-head-outside", _judge(
        f"kind: embedding_head, {_CUTS}, embedder: {{kind: sentence_transformers, model: {{path: a}}}},"
        " head: {model: {path: b}, file: ../x.onnx, output: raw}"
    ), (_FILE, "judges.toxicity.head.file")),
]  # fmt: skip
