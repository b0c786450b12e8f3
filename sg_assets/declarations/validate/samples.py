"""Samples that people labelled, which a judge's labels are held against: read where they are, passed over where not."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sg_assets.declarations.problems import Problems
from sg_assets.declarations.records.expectations import FOLDER, KEY, Rule, Rules
from sg_assets.declarations.records.inspections import SAMPLE, Agreement
from sg_assets.declarations.validate.sample_labels import agreed_labels
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
    given = _given(_read(file, where), *names, where=f"{where}, {sample}")
    first_row = 2 if file.suffix == ".csv" else 1
    labels, undecided = agreed_labels(given, _known(rule), _meanings(rule), file=str(file), first_row=first_row)
    return rule.model_copy(update={"kwargs": {**rule.kwargs, "labels": labels, "undecided": undecided}})


def _read(file: Path, where: str) -> "pl.DataFrame":
    import polars as pl

    try:
        return pl.read_csv(file, infer_schema=False) if file.suffix == ".csv" else pl.read_parquet(file)
    except (pl.exceptions.PolarsError, OSError) as error:
        # Without the message: it may quote what the file holds.
        why = f"{type(error).__name__}, as a {file.suffix.removeprefix('.')} file"
        raise SgAssetsError(f"'{file.name}' cannot be read", where=where, why=why) from None


def _known(rule: Rule) -> tuple[str, ...]:
    known = rule.kwargs.get("known", Agreement.model_fields["known"].default)
    # Anything else is reported where rules are checked.
    return tuple(map(str, known)) if isinstance(known, list | tuple) else ()


def _meanings(rule: Rule) -> Mapping[str, str]:
    declared = rule.kwargs.get("means")
    return {str(given): str(label) for given, label in declared.items()} if isinstance(declared, Mapping) else {}


def _given(frame: "pl.DataFrame", name: str, label: str, *, where: str) -> "pl.DataFrame":
    """The ids and labels of a sample, as texts."""
    import polars as pl

    for column in (name, label):
        if column not in frame.columns:
            raise SgAssetsError(f"has no column '{column}'", where=where, remedy=nearest(column, frame.columns))
    return frame.select(pl.col(name).cast(pl.String).alias("id"), pl.col(label).cast(pl.String).alias("given"))
