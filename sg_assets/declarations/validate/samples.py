"""Samples that people labelled, which a judge's labels are held against: read where they are, passed over where not."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sg_assets.declarations.problems import Problems
from sg_assets.declarations.records.expectations import FOLDER, KEY, Rule, Rules
from sg_assets.declarations.records.inspections import SAMPLE
from sg_assets.errors import SgAssetsError, nearest

if TYPE_CHECKING:
    import polars as pl


def with_samples(about: str, rules: Rules, root: Path, problems: Problems) -> Rules:
    """Rules, each that is about a sample with the labels in it; without those whose sample is not there.

    Args:
        about: The table, or the schema, that the rules are about.
        rules: As they were read.
        root: The project's folder.
        problems: Takes what is wrong with samples.
    """
    checked = (problems.call(_with_sample, f"{FOLDER}/{about}.yaml, {KEY}.{rule.id}", rule, root) for rule in rules)
    return tuple(rule for rule in checked if rule is not None)


def samples_of(rules: Iterable[Rule]) -> frozenset[str]:
    """The files that rules name, there or not."""
    named = (_sample_of(rule) for rule in rules)
    return frozenset(sample for sample in named if sample is not None)


def _sample_of(rule: Rule) -> str | None:
    sample = rule.kwargs.get("sample")
    named = rule.look_for == "agreement" and isinstance(sample, str) and re.fullmatch(SAMPLE, sample)
    return sample if named else None  # whatever is wrong with it is reported where rules are checked


def _with_sample(where: str, rule: Rule, root: Path) -> Rule | None:
    sample = _sample_of(rule)
    if sample is None:
        return rule
    file = root / sample
    if not file.is_file():
        return None
    names = [str(rule.kwargs.get(name, usual)) for name, usual in (("id", "text_id"), ("label", "label"))]
    labels, undecided = _labels(_read(file, where), *names, where=f"{where}, {sample}")
    return rule.model_copy(update={"kwargs": {**rule.kwargs, "labels": labels, "undecided": undecided}})


def _read(file: Path, where: str) -> "pl.DataFrame":
    import polars as pl

    try:
        return pl.read_csv(file, infer_schema=False) if file.suffix == ".csv" else pl.read_parquet(file)
    except (pl.exceptions.PolarsError, OSError) as error:
        # Without the message: it may quote what the file holds.
        why = f"{type(error).__name__}, as a {file.suffix.removeprefix('.')} file"
        raise SgAssetsError(f"'{file.name}' cannot be read", where=where, why=why) from None


def _labels(frame: "pl.DataFrame", name: str, label: str, *, where: str) -> tuple[dict[str, Any], int]:
    """A label by id, and of how many ids people gave several."""
    import polars as pl

    for column in (name, label):
        if column not in frame.columns:
            raise SgAssetsError(f"has no column '{column}'", where=where, remedy=nearest(column, frame.columns))
    given = frame.select(pl.col(name, label).cast(pl.String)).drop_nulls().unique().sort(name, label)
    agreed = given.filter(pl.col(name).is_unique())
    return dict(agreed.iter_rows()), given[name].n_unique() - agreed.height
