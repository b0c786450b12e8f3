"""Reading all declarations, and reporting all that is wrong with them at once."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from sg_assets.declarations.declared_files import CHAT_TEMPLATES, DeclaredFiles, declared_files, read_text
from sg_assets.declarations.grids import grids_of, read_variants, with_members
from sg_assets.declarations.names import check_profile
from sg_assets.declarations.problems import Problems
from sg_assets.declarations.record_reading import read_alerts, read_list, read_named
from sg_assets.declarations.records.alerts import Alerts
from sg_assets.declarations.records.base import Record
from sg_assets.declarations.records.benchmark import Benchmark, Comparison
from sg_assets.declarations.records.dataset import Dataset
from sg_assets.declarations.records.expectations import KEY, Rule, Rules
from sg_assets.declarations.records.figures import DeclaredFigure, Published, check_figure, check_published
from sg_assets.declarations.records.judge import JudgeDeclaration
from sg_assets.declarations.records.mix import Mix
from sg_assets.declarations.records.profile import Profile
from sg_assets.declarations.records.template import FewShot, LexiconEntry, Template
from sg_assets.declarations.records.variant import Variant
from sg_assets.declarations.replicates import with_replicates
from sg_assets.declarations.score_names import BUILT_IN, ITEMS, assets_of_benchmark
from sg_assets.declarations.sql import Query, SqlAsset, parse_query, read_sql_asset
from sg_assets.declarations.token_needs import check_contexts
from sg_assets.declarations.validate.datasets import check_sources
from sg_assets.declarations.validate.judges import check_judge, check_labelling_judge
from sg_assets.declarations.validate.samples import samples_of, with_samples
from sg_assets.declarations.validate.trainings import check_trainings
from sg_assets.declarations.validate.variants import check_variants
from sg_assets.errors import SgAssetsError, nearest

R = TypeVar("R", bound=Record)


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
    broken_assets: frozenset[str] = frozenset()
    """Assets whose declaration is wrong: references to them are no further errors."""
    expectations: Mapping[str, Rules] = field(default_factory=dict)
    """The rules of tables, by ``schema/table``, or by ``schema`` for each of its tables."""
    samples: frozenset[str] = frozenset()
    """Files that rules name and that were looked for below the project's folder."""
    other_comparisons: tuple[Comparison, ...] = ()
    """Those of variants that the profile does not run: they are only checked."""
    items: Mapping[str, Query] = field(default_factory=dict)
    """The ``items`` of each benchmark, parsed."""
    datasets: Mapping[str, Dataset] = field(default_factory=dict)
    """Datasets that other people publish, by name."""
    chat_templates: Mapping[str, str] = field(default_factory=dict)
    """The texts of the chat templates that the profile declares, by file."""

    @cached_property
    def grids(self) -> Mapping[str, tuple[str, ...]]:
        """The members of each grid that the profile runs; those trained again are not among them."""
        return grids_of(self.declared_variants.values())

    def named(self, names: Iterable[str]) -> list[str]:
        """Names that people give, with those of grids replaced by their members."""
        return with_members(names, self.grids)

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
    check_profile(root, profile_name)
    files = declared_files(root)
    profiles = sorted(_names(files, "profiles"))
    profile = problems.call(read_named, root / "models" / "profiles" / f"{profile_name}.yaml", Profile, root)
    variants = _variants(files, problems)
    mixes = _folder(files, "mixes", Mix, problems)
    judges = _folder(files, "judges", JudgeDeclaration, problems)
    benchmarks = _folder(files, "benchmarks", Benchmark, problems)
    datasets = _folder(files, "datasets", Dataset, problems)
    published = _folder(files, "published", Published, problems)
    templates = _list(files, "templates", Template, problems)
    few_shots = _list(files, "few_shots", FewShot, problems)
    lexicon = _list(files, "lexicon", LexiconEntry, problems)
    compared = _list(files, "comparisons", Comparison, problems, optional=True)
    figures = _list(files, "figures", DeclaredFigure, problems, optional=True)
    path = root / "models" / "alerts.yaml"
    routed = problems.call(read_alerts, path, profile_name, profiles, root) if path in files.read else None
    sql = {f"{path.parent.name}/{path.stem}": problems.call(read_sql_asset, path, root) for path in files.sql}
    expected = {about: problems.call(read_list, path, KEY, Rule, root) for about, path in files.expectations}
    samples = samples_of(rule for rules in expected.values() for rule in rules or ())
    for name, error in files.unread.items():
        if name not in samples:
            problems.add(error)
    for error in filter(None, map(_name_taken, sorted(_names(files, "benchmarks")))):
        problems.add(error)
    benchmarks = {name: benchmark for name, benchmark in benchmarks.items() if _name_taken(name) is None}
    for benchmark in benchmarks.values():
        problems.call(_check_judges, benchmark, _names(files, "judges"))
    items = {name: problems.call(_items, benchmark) for name, benchmark in benchmarks.items()}
    if profile is None:
        return None
    check_sources(profile, datasets, problems, _names(files, "datasets") - datasets.keys())
    problems.call(_check_named_judges, profile, _names(files, "judges"))
    for name, judge in judges.items():
        problems.call(check_judge, judge, profile, benchmarks, f"models/judges/{name}.yaml")
    problems.call(check_labelling_judge, profile)
    judges = {name: judge.measured_by(profile.judges.get(name)) for name, judge in judges.items()}
    named = (_names(files, "variants") - grids_of(variants.values()).keys()) | variants.keys()
    for comparison in compared:
        problems.call(_check_comparison, comparison, named, _names(files, "benchmarks"))
    _check_shown(figures, published, profile, files, benchmarks, named, problems)
    broken = (named - variants.keys()) | (_names(files, "mixes") - mixes.keys())
    variants = check_variants(profile, variants, mixes, problems, broken)
    check_trainings(profile, variants, mixes, problems)
    check_contexts(profile, variants, problems)
    variants, replicates = with_replicates(profile, variants, problems)
    read = {asset: declared for asset, declared in sql.items() if declared is not None}
    return Declarations(
        profile, variants, mixes, judges, benchmarks, templates, few_shots, lexicon,
        tuple(pair for pair in compared if {pair.variant, pair.against} <= variants.keys()),
        tuple(figure for figure in figures if len(variants.keys() & set(figure.variants)) > 1),
        published.get(profile.published or ""), read,
        replicates, routed or Alerts(), _broken_assets(files, sql, benchmarks, judges, datasets),
        {about: with_samples(about, rules, root, problems) for about, rules in expected.items() if rules},
        samples,
        tuple(pair for pair in compared if not {pair.variant, pair.against} <= variants.keys()),
        {name: query for name, query in items.items() if query is not None},
        datasets,
        _chat_templates(profile, files, problems),
    )  # fmt: skip


def _names(files: DeclaredFiles, folder: str) -> set[str]:
    """The names that a folder's files declare, rightly or not: a wrong file is reported once, not at each use."""
    unread = [Path(name) for name in files.unread]
    return {
        *(path.stem for path in files.in_folder(folder)),
        *(path.stem for path in unread if path.parent == Path("models") / folder),
    }


def _broken_assets(
    files: DeclaredFiles,
    sql: Mapping[str, SqlAsset | None],
    benchmarks: Collection[str],
    judges: Collection[str],
    datasets: Collection[str],
) -> frozenset[str]:
    """Assets of files that are wrong, which is reported already."""
    wrong_benchmarks = _names(files, "benchmarks").difference(benchmarks)
    wrong_judges = _names(files, "judges").difference(judges)
    return frozenset(
        [
            *(asset for asset, declared in sql.items() if declared is None),
            *(asset for name in wrong_benchmarks for asset in assets_of_benchmark(name)),
            *(f"judges/{name}" for name in wrong_judges),
            *(f"datasets/{name}" for name in _names(files, "datasets").difference(datasets)),
        ]
    )


def _folder(files: DeclaredFiles, folder: str, record: type[R], problems: Problems) -> dict[str, R]:
    read = (problems.call(read_named, path, record, files.root) for path in files.in_folder(folder))
    return {declared.name: declared for declared in read if declared is not None}


def _variants(files: DeclaredFiles, problems: Problems) -> dict[str, Variant]:
    """All variants, the members of grids among them; two of one name are an error."""
    variants: dict[str, Variant] = {}
    for path in files.in_folder("variants"):
        for variant in problems.call(read_variants, path, files.root) or ():
            other = variants.get(variant.name)
            if other is None:
                variants[variant.name] = variant
            else:
                problems.add(_same_name(variant, other))
    return variants


def _same_name(variant: Variant, other: Variant) -> SgAssetsError:
    of_grid, file = (variant, other.file) if variant.member is not None else (other, variant.file)
    why = f"{of_grid.file} makes a variant of that name"
    return SgAssetsError(f"'{variant.name}' is declared twice", where=file, why=why, remedy="Rename one of the files")


def _list(
    files: DeclaredFiles, key: str, record: type[R], problems: Problems, *, optional: bool = False
) -> tuple[R, ...]:
    path = files.root / "models" / f"{key}.yaml"
    if path not in files.read and (optional or files.is_unread(path)):
        return ()
    return problems.call(read_list, path, key, record, files.root) or ()


def _items(benchmark: Benchmark) -> Query:
    return parse_query(benchmark.items, where=f"models/benchmarks/{benchmark.name}.yaml, items")


def _chat_templates(profile: Profile, files: DeclaredFiles, problems: Problems) -> dict[str, str]:
    """The texts of the declared chat templates, by file."""
    known = {path.name: path for path in files.chat_templates}
    texts: dict[str, str] = {}
    for name, model in profile.chat_models.items():
        file = None if model.chat is None else model.chat.chat_template
        if file is None:
            continue
        if file in known:
            text = problems.call(read_text, known[file], f"models/{CHAT_TEMPLATES}/{file}")
            texts |= {} if text is None else {file: text}
            continue
        where = f"models/profiles/{profile.name}.yaml, chat_models.{name}.chat.chat_template"
        problems.add(
            SgAssetsError(f"there is no models/{CHAT_TEMPLATES}/{file}", where=where, remedy=nearest(file, known))
        )
    return texts


def _name_taken(benchmark: str) -> SgAssetsError | None:
    """The error of a benchmark that is named like built-in scores, a metric of theirs, or a table of values."""
    if benchmark in BUILT_IN:
        why = "a table or metric of scores that are built in has that name"
    elif benchmark.endswith(ITEMS):
        why = f"scores/<benchmark>{ITEMS} holds the values of a benchmark's scores"
    else:
        return None
    where = f"models/benchmarks/{benchmark}.yaml"
    return SgAssetsError(f"the name '{benchmark}' is taken", where=where, why=why, remedy="Rename the file")


def _check_judges(benchmark: Benchmark, judges: Collection[str]) -> None:
    named = ((flag, judge) for flag, judges_of_flag in benchmark.judges.items() for judge in judges_of_flag)
    for flag, judge in named:
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
    files: DeclaredFiles,
    benchmarks: Mapping[str, Benchmark],
    variants: set[str],
    problems: Problems,
) -> None:
    """Figures and published numbers name declared variants and scores. A benchmark's wrong file is reported there."""
    if benchmarks.keys() == _names(files, "benchmarks"):
        for figure in figures:
            problems.call(check_figure, figure, variants, benchmarks)
        for publication in published.values():
            problems.call(check_published, publication, variants, benchmarks)
    known = _names(files, "published")
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


def _judges_named_by(profile: Profile) -> Iterator[tuple[str, Set[str]]]:
    """The judges that a profile names, by key."""
    yield "judges", profile.judges.keys()
    yield "licences.judges", profile.licences.judges.keys()
    yield "labels.aligned", profile.labels.aligned.keys() if profile.labels else frozenset()


def _check_named_judges(profile: Profile, judges: Set[str]) -> None:
    where = f"models/profiles/{profile.name}.yaml"
    for key, named in _judges_named_by(profile):
        for judge in named - judges:
            raise SgAssetsError(f"unknown judge '{judge}'", where=f"{where}, {key}", remedy=nearest(judge, judges))
    fitted = sorted(judge for judge in judges if profile.is_demo_judge(judge))
    fitted += ["the embedder"] if profile.embedder is None else []
    if fitted and profile.samples.judge_texts is None:
        raise SgAssetsError(
            "is needed", where=f"{where}, samples.judge_texts", why=f"fitted here on such texts: {', '.join(fitted)}"
        )
