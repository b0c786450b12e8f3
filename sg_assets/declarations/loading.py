"""Reading all declarations, and reporting all that is wrong with them at once."""

from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import ValidationError

from sg_assets.declarations.names import is_safe_name
from sg_assets.declarations.problems import Problems
from sg_assets.declarations.records.alerts import Alerts, for_profile
from sg_assets.declarations.records.base import Record
from sg_assets.declarations.records.benchmark import Benchmark, Comparison
from sg_assets.declarations.records.expectations import KEY, Rule, Rules, expectation_files
from sg_assets.declarations.records.figures import DeclaredFigure, Published, check_figure, check_published
from sg_assets.declarations.records.judge import JudgeDeclaration
from sg_assets.declarations.records.mix import Mix
from sg_assets.declarations.records.profile import Profile
from sg_assets.declarations.records.template import FewShot, LexiconEntry, Template
from sg_assets.declarations.records.variant import Variant
from sg_assets.declarations.replicates import with_replicates
from sg_assets.declarations.sql import Query, SqlAsset, parse_query, read_sql_asset
from sg_assets.declarations.validate.samples import samples_of, with_samples
from sg_assets.declarations.validate.variants import check_variants
from sg_assets.errors import NotDeclaredError, SgAssetsError, nearest

R = TypeVar("R", bound=Record)
# libyaml reads a dozen times faster, where PyYAML was built with it.
_LOADER: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Declarations:
    """Everything declared, for one profile."""

    profile: Profile
    variants: Mapping[str, Variant]
    """The variants the profile runs, parents before children; those trained again among them."""
    mixes: Mapping[str, Mix]
    judges: Mapping[str, JudgeDeclaration]
    benchmarks: Mapping[str, Benchmark]
    templates: tuple[Template, ...]
    few_shots: tuple[FewShot, ...]
    lexicon: tuple[LexiconEntry, ...]
    comparisons: tuple[Comparison, ...]
    """Those between variants of the profile."""
    figures: tuple[DeclaredFigure, ...]
    """Those of at least two variants of the profile."""
    published: Published | None
    """The published numbers that the profile's reports compare with their own."""
    sql: Mapping[str, SqlAsset]
    """SQL assets by ``schema/table``."""
    replicates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The names of the further trainings of a variant, by its own; empty where none is trained again."""
    alerts: Alerts = field(default_factory=Alerts)
    """Who gets notices of failures."""
    broken_sql: frozenset[str] = frozenset()
    """SQL assets whose file is wrong: references to them are no further errors."""
    expectations: Mapping[str, Rules] = field(default_factory=dict)
    """The rules of tables, by ``schema/table``, or by ``schema`` for each of its tables."""
    samples: frozenset[str] = frozenset()
    """Files that rules name and that were looked for below the project's folder."""
    items: Mapping[str, Query] = field(default_factory=dict)
    """The ``items`` of each benchmark, parsed."""

    @property
    def declared_variants(self) -> dict[str, Variant]:
        """The variants without those trained again: those that have a row in reports."""
        again = {name for names in self.replicates.values() for name in names}
        return {name: variant for name, variant in self.variants.items() if name not in again}


def load_declarations(root: Path, profile_name: str) -> Declarations:
    """Read ``models/`` and ``sql/`` under ``root`` for one profile.

    Raises:
        SgAssetsError: one error listing every wrong declaration by file and key.
    """
    problems = Problems()
    declared = read_declarations(root, profile_name, problems)
    problems.raise_any()
    if declared is None:
        raise AssertionError("without a profile there was a problem")
    return declared


def read_declarations(root: Path, profile_name: str, problems: Problems) -> Declarations | None:
    """The declarations that can be read, with all that is wrong added to ``problems``; None without a profile.

    Raises:
        SgAssetsError: there is no such profile.
    """
    models = root / "models"
    profiles = [path.stem for path in sorted((models / "profiles").glob("*.yaml"))]
    if profile_name not in profiles:
        raise NotDeclaredError(
            f"unknown profile '{profile_name}'", where="SG_PROFILE", remedy=nearest(profile_name, profiles)
        )
    profile = problems.call(_read_named, models / "profiles" / f"{profile_name}.yaml", Profile, root)
    variants = _folder(models / "variants", Variant, root, problems)
    mixes = _folder(models / "mixes", Mix, root, problems)
    judges = _folder(models / "judges", JudgeDeclaration, root, problems)
    benchmarks = _folder(models / "benchmarks", Benchmark, root, problems)
    templates = problems.call(_read_list, models / "templates.yaml", "templates", Template, root) or ()
    few_shots = problems.call(_read_list, models / "few_shots.yaml", "few_shots", FewShot, root) or ()
    lexicon = problems.call(_read_list, models / "lexicon.yaml", "lexicon", LexiconEntry, root) or ()
    # These two files are optional.
    path = models / "comparisons.yaml"
    compared = (problems.call(_read_list, path, "comparisons", Comparison, root) if path.exists() else None) or ()
    path = models / "figures.yaml"
    figures = (problems.call(_read_list, path, "figures", DeclaredFigure, root) if path.exists() else None) or ()
    published = _folder(models / "published", Published, root, problems)
    alerts = problems.call(_read_alerts, models / "alerts.yaml", profile_name, profiles, root) or Alerts()
    sql = {f"{path.parent.name}/{path.stem}": problems.call(read_sql_asset, path, root) for path in _sql_files(root)}
    expected = {about: problems.call(_read_list, path, KEY, Rule, root) for about, path in expectation_files(root)}
    for benchmark in benchmarks.values():
        problems.call(_check_judges, benchmark, _names(models / "judges"))
    items = {name: problems.call(_items, benchmark) for name, benchmark in benchmarks.items()}
    if profile is None:
        return None
    problems.call(_check_hub_judges, profile, _names(models / "judges"))
    for comparison in compared:
        problems.call(_check_comparison, comparison, _names(models / "variants"), _names(models / "benchmarks"))
    _check_shown(figures, published, profile, models, benchmarks, problems)
    broken = (_names(models / "variants") - variants.keys()) | (_names(models / "mixes") - mixes.keys())
    variants = check_variants(profile, variants, mixes, problems, broken)
    variants, replicates = with_replicates(profile, variants, problems)
    read = {asset: declared for asset, declared in sql.items() if declared is not None}
    return Declarations(
        profile, variants, mixes, judges, benchmarks, templates, few_shots, lexicon,
        tuple(pair for pair in compared if {pair.variant, pair.against} <= variants.keys()),
        tuple(figure for figure in figures if len(variants.keys() & set(figure.variants)) > 1),
        published.get(profile.published or ""), read,
        replicates, alerts, frozenset(sql.keys() - read.keys()),
        {about: with_samples(about, rules, root, problems) for about, rules in expected.items() if rules},
        samples_of(rule for rules in expected.values() for rule in rules or ()),
        {name: query for name, query in items.items() if query is not None},
    )  # fmt: skip


def _names(folder: Path) -> set[str]:
    """The names that a folder's files declare, rightly or not: a wrong file is reported once, not at each use."""
    return {path.stem for path in folder.glob("*.yaml")}


def _sql_files(root: Path) -> list[Path]:
    return sorted((root / "sql").glob("*/*.sql"))


def _folder(folder: Path, record: type[R], root: Path, problems: Problems) -> dict[str, R]:
    read = (problems.call(_read_named, path, record, root) for path in sorted(folder.glob("*.yaml")))
    return {declared.name: declared for declared in read if declared is not None}


def _read_named(path: Path, record: type[R], root: Path) -> R:
    """One record a file; the file's name is the record's."""
    where = path.relative_to(root).as_posix()
    if not is_safe_name(path.stem):
        raise SgAssetsError(
            f"'{path.stem}' is not a safe name", where=where, why="the file's name becomes the declaration's name"
        )
    content = _mapping(path, where)
    if "name" in content:
        raise SgAssetsError("unknown key 'name'", where=where, why="the file's name is the declaration's name")
    return validated({"name": path.stem, **content}, record, where)


def _read_list(path: Path, key: str, record: type[R], root: Path) -> tuple[R, ...]:
    where = path.relative_to(root).as_posix()
    listed = _mapping(path, where).get(key)
    if not isinstance(listed, list) or not listed:
        raise SgAssetsError(f"has no list '{key}'", where=where)
    records = tuple(validated(entry, record, f"{where}, {key}[{index}]") for index, entry in enumerate(listed))
    for name in _repeated(getattr(entry, "id", getattr(entry, "term", "")) for entry in records):
        raise SgAssetsError(f"'{name}' is listed twice", where=f"{where}, {key}")
    return records


def _read_alerts(path: Path, profile: str, profiles: Collection[str], root: Path) -> Alerts:
    where = path.relative_to(root).as_posix()
    if not path.exists():
        return Alerts()
    return validated(for_profile(_mapping(path, where), profile, profiles, where), Alerts, where)


def _repeated(names: Iterator[str]) -> list[str]:
    seen: set[str] = set()
    return [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]


def _mapping(path: Path, where: str) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - both are safe ones
    except FileNotFoundError as error:
        raise SgAssetsError("the file is missing", where=where) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SgAssetsError("is not valid YAML", where=where, why=" ".join(str(error).split())) from error
    if not isinstance(content, dict):
        raise SgAssetsError("must hold `key: value` lines", where=where)
    return content


def validated(content: object, record: type[R], where: str) -> R:
    """A record read from plain data.

    Raises:
        SgAssetsError: it does not fit; names every key that does not.
    """
    try:
        return record.model_validate(content)
    except ValidationError as error:
        raise SgAssetsError(_readable(error, record), where=where) from error


def _readable(error: ValidationError, record: type[Record]) -> str:
    messages = []
    for problem in error.errors():
        key = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            known = _fields_at(record, problem["loc"][:-1])
            remedy = nearest(str(problem["loc"][-1]), known) if known else ""
            messages.append(f"unknown key '{key}'. {remedy}".strip())
        else:
            message = problem["msg"].removeprefix("Value error, ")
            messages.append(f"{key}: {message}" if key else message)
    return "; ".join(messages)


def _fields_at(record: type[Record], path: tuple[int | str, ...]) -> list[str]:
    current: Any = record
    for part in path:
        if isinstance(part, str):  # a place in a list is of the record that the list holds
            field = getattr(current, "model_fields", {}).get(part)
            current = _record_in(field.annotation) if field is not None else None
    return list(getattr(current, "model_fields", {}))


def _record_in(annotation: Any) -> Any:  # noqa: ANN401 - any annotation
    """The record that a field holds: one, a list of them, or none."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return annotation
    return next((record for argument in get_args(annotation) if (record := _record_in(argument))), None)


def _items(benchmark: Benchmark) -> Query:
    return parse_query(benchmark.items, where=f"models/benchmarks/{benchmark.name}.yaml, items")


def _check_judges(benchmark: Benchmark, judges: Collection[str]) -> None:
    for flag, judge in benchmark.judges.items():
        if judge not in judges:
            raise SgAssetsError(
                f"unknown judge '{judge}'",
                where=f"models/benchmarks/{benchmark.name}.yaml, judges.{flag}",
                remedy=nearest(judge, judges),
            )


def _check_shown(  # noqa: PLR0917 - what reports show is checked against everything they show
    figures: Collection[DeclaredFigure],
    published: Mapping[str, Published],
    profile: Profile,
    models: Path,
    benchmarks: Mapping[str, Benchmark],
    problems: Problems,
) -> None:
    """Figures and published numbers name declared variants and scores. A benchmark's wrong file is reported there."""
    variants = _names(models / "variants")
    if benchmarks.keys() == _names(models / "benchmarks"):
        for figure in figures:
            problems.call(check_figure, figure, variants, benchmarks)
        for publication in published.values():
            problems.call(check_published, publication, variants, benchmarks)
    known = _names(models / "published")
    if profile.published is not None and profile.published not in known:
        where = f"models/profiles/{profile.name}.yaml, published"
        remedy = nearest(profile.published, known)
        problems.add(
            SgAssetsError(f"there is no models/published/{profile.published}.yaml", where=where, remedy=remedy)
        )


def _check_comparison(comparison: Comparison, variants: Collection[str], benchmarks: Collection[str]) -> None:
    where = f"models/comparisons.yaml, {comparison.id}"
    for key, name in (("variant", comparison.variant), ("against", comparison.against)):
        if name not in variants:
            raise SgAssetsError(f"unknown variant '{name}'", where=f"{where}.{key}", remedy=nearest(name, variants))
    if comparison.benchmark not in benchmarks:
        raise SgAssetsError(
            f"unknown benchmark '{comparison.benchmark}'",
            where=f"{where}.benchmark",
            remedy=nearest(comparison.benchmark, benchmarks),
        )


def _check_hub_judges(profile: Profile, judges: Set[str]) -> None:
    where = f"models/profiles/{profile.name}.yaml"
    for key, named in (("judges", profile.judges.keys()), ("licences.judges", profile.licences.judges.keys())):
        for judge in named - judges:
            raise SgAssetsError(f"unknown judge '{judge}'", where=f"{where}, {key}", remedy=nearest(judge, judges))
    fitted = sorted(set(judges) - profile.judges.keys())
    fitted += ["the embedder"] if profile.embedder is None else []
    if fitted and profile.samples.judge_texts is None:
        raise SgAssetsError(
            "is needed", where=f"{where}, samples.judge_texts", why=f"fitted here on such texts: {', '.join(fitted)}"
        )
