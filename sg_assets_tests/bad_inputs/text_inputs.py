"""Texts that nobody can read, and labels of people that are none."""

import json
from pathlib import Path

import polars as pl
import pytest

from sg_assets.declarations.problems import Problems
from sg_assets.declarations.records.expectations import Rule
from sg_assets.declarations.validate.samples import with_samples
from sg_assets.ingest.forum import ColumnNames, read_comments
from sg_assets_tests.bad_inputs.bad_input import BadInput, error_of
from sg_assets_tests.ingest.misread_texts import WRITTEN, misread
from sg_assets_tests.quality.tables import result, sought

ENCODINGS = {
    "Chinese": ["cp1252", "latin-1", "gbk"],
    "Tamil": ["cp1252", "mac_roman"],
    "emoji": ["cp1252"],
    "Arabic": ["cp1256"],
    "Thai": ["cp1252"],
    "Malay with quotes": ["mac_roman", "gbk"],
}
LABELS = ["toxic", "0", "1", "", "yes", "not safe", "safe?", "n/a", "unsaf", "maybe", "2", "true"]


def _garbled(script: str, encoding: str) -> BadInput:
    """Comments of a script that were read with the wrong encoding: the check fails and names the first of them."""

    def act(folder: Path, _: pytest.MonkeyPatch) -> str:
        raw = folder / "dump.jsonl"
        raw.write_text("".join(json.dumps({"text": misread(text, encoding)}) + "\n" for text in WRITTEN[script]))
        counts = read_comments(raw, ColumnNames(text=("text",)), folder / "out.parquet", folder / "rejected.parquet")
        comments = pl.read_parquet(folder / "out.parquet")
        rule = sought("unreadable", text="text", at_most=0.001)
        finding = result(folder, comments, rule, key=("text_id",))
        assert not finding.passed
        return f"{counts} {finding.observed}"

    says = ("dump.jsonl, row 1", f"unreadable={len(WRITTEN[script])}", "examples", "text_id=")
    return BadInput(f"{script} as {encoding}", act, says)


def _label(label: str) -> BadInput:
    """A label that is neither known nor declared."""

    def act(folder: Path, _: pytest.MonkeyPatch) -> str:
        (folder / "data").mkdir()
        (folder / "data" / "people.csv").write_text(f'text_id,label\na,safe\nb,"{label}"\n')
        kwargs = {"sample": "data/people.csv", "kappa_at_least": 0.6}
        rule = {"id": "agree", "description": "They agree.", "look_for": "agreement", "kwargs": kwargs}
        return error_of(lambda: _checked(folder, Rule.model_validate(rule)))

    return BadInput(f"label '{label}'", act, ("people.csv, row 3", "label", "safe, unsafe", "means: {"))


def _checked(folder: Path, rule: Rule) -> None:
    problems = Problems()
    with_samples("raw/sg_toxicity_prompts", (rule,), folder, problems)
    problems.raise_any()


CASES = [
    *(_garbled(script, encoding) for script, encodings in ENCODINGS.items() for encoding in encodings),
    *map(_label, LABELS),
]
