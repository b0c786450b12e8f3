"""Reading everything that is declared, and saying all that is wrong with it at once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from sg_assets.declarations.names import is_safe_name
from sg_assets.declarations.records import (
    Benchmark,
    FewShot,
    JudgeDeclaration,
    LexiconEntry,
    Mix,
    Profile,
    Record,
    Template,
    Variant,
)
from sg_assets.declarations.sql import SqlAsset, read_sql_asset
from sg_assets.declarations.variants import check_variants
from sg_assets.errors import SgAssetsError, nearest

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Declarations:
    """Everything declared, for one profile."""

    profile: Profile
    variants: Mapping[str, Variant]
    """The variants the profile runs, parents before children."""
    mixes: Mapping[str, Mix]
    judges: Mapping[str, JudgeDeclaration]
    benchmarks: Mapping[str, Benchmark]
    templates: tuple[Template, ...]
    few_shots: tuple[FewShot, ...]
    lexicon: tuple[LexiconEntry, ...]
    sql: Mapping[str, SqlAsset]
    """SQL assets by ``schema/table``."""


class _Problems:
    """Collects errors, so that one look at the output mends every file."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def call(self, read: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401
        try:
            return read(*arguments)
        except SgAssetsError as error:
            self.found.append(str(error))
            return None

    def raise_any(self) -> None:
        if self.found:
            lines = "\n".join(f"- {problem}" for problem in self.found)
            count = 1 + lines.count("\n- ")  # one error may tell several
            raise SgAssetsError(f"{count} declaration(s) are wrong:\n{lines}")


def load_declarations(root: Path, profile_name: str) -> Declarations:
    """Read ``models/`` and ``sql/`` under ``root`` for one profile.

    Raises:
        SgAssetsError: one error listing every wrong declaration by file and key.
    """
    problems = _Problems()
    models = root / "models"
    profiles = [path.stem for path in sorted((models / "profiles").glob("*.yaml"))]
    if profile_name not in profiles:
        raise SgAssetsError(
            f"there is no profile '{profile_name}'", where="SG_PROFILE", remedy=nearest(profile_name, profiles)
        )
    profile = problems.call(_read_named, models / "profiles" / f"{profile_name}.yaml", Profile, root)
    variants = _folder(models / "variants", Variant, root, problems)
    mixes = _folder(models / "mixes", Mix, root, problems)
    judges = _folder(models / "judges", JudgeDeclaration, root, problems)
    benchmarks = _folder(models / "benchmarks", Benchmark, root, problems)
    templates = problems.call(_read_list, models / "templates.yaml", "templates", Template, root) or ()
    few_shots = problems.call(_read_list, models / "few_shots.yaml", "few_shots", FewShot, root) or ()
    lexicon = problems.call(_read_list, models / "lexicon.yaml", "lexicon", LexiconEntry, root) or ()
    sql = {
        asset.asset: asset
        for path in sorted((root / "sql").glob("*/*.sql"))
        if (asset := problems.call(read_sql_asset, path, root))
    }
    if profile is not None:
        variants = problems.call(check_variants, profile, variants, mixes) or {}
    for benchmark in benchmarks.values():
        problems.call(_check_judges, benchmark, judges)
    problems.raise_any()
    return Declarations(profile, variants, mixes, judges, benchmarks, templates, few_shots, lexicon, sql)


def _folder(folder: Path, record: type[R], root: Path, problems: _Problems) -> dict[str, R]:
    read = (problems.call(_read_named, path, record, root) for path in sorted(folder.glob("*.yaml")))
    return {found.name: found for found in read if found is not None}


def _read_named(path: Path, record: type[R], root: Path) -> R:
    """One record a file; the file's name is the record's."""
    where = path.relative_to(root).as_posix()
    if not is_safe_name(path.stem):
        raise SgAssetsError(f"'{path.stem}' is no safe name", where=where, why="the file names what it declares")
    content = _mapping(path, where)
    if "name" in content:
        raise SgAssetsError("unknown key 'name'", where=where, why="the file's name is the name of what it declares")
    return _validate({"name": path.stem, **content}, record, where)


def _read_list(path: Path, key: str, record: type[R], root: Path) -> tuple[R, ...]:
    where = path.relative_to(root).as_posix()
    listed = _mapping(path, where).get(key)
    if not isinstance(listed, list) or not listed:
        raise SgAssetsError(f"has no list '{key}'", where=where)
    found = tuple(_validate(one, record, f"{where}, {key}[{place}]") for place, one in enumerate(listed))
    for name in _repeated(getattr(one, "id", getattr(one, "term", "")) for one in found):
        raise SgAssetsError(f"'{name}' is listed twice", where=f"{where}, {key}")
    return found


def _repeated(names: Iterator[str]) -> list[str]:
    seen: set[str] = set()
    return [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]


def _mapping(path: Path, where: str) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SgAssetsError("the file is missing", where=where) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SgAssetsError("is no valid YAML", where=where, why=" ".join(str(error).split())) from error
    if not isinstance(content, dict):
        raise SgAssetsError("must hold `key: value` lines", where=where)
    return content


def _validate(content: object, record: type[R], where: str) -> R:
    try:
        return record.model_validate(content)
    except ValidationError as error:
        raise SgAssetsError(_readable(error, record), where=where) from error


def _readable(error: ValidationError, record: type[Record]) -> str:
    told = []
    for problem in error.errors():
        place = ".".join(str(part) for part in problem["loc"]) or "the whole"
        if problem["type"] == "extra_forbidden":
            known = _fields_at(record, problem["loc"][:-1])
            remedy = nearest(str(problem["loc"][-1]), known) if known else ""
            told.append(f"unknown key '{place}'. {remedy}".strip())
        else:
            told.append(f"{place}: {problem['msg'].removeprefix('Value error, ')}")
    return "; ".join(told)


def _fields_at(record: type[Record], path: tuple[int | str, ...]) -> list[str]:
    current: Any = record
    for part in path:
        field = getattr(current, "model_fields", {}).get(part)
        current = field.annotation if field is not None else None
    return list(getattr(current, "model_fields", {}))


def _check_judges(benchmark: Benchmark, judges: Mapping[str, JudgeDeclaration]) -> None:
    for flag, judge in benchmark.judges.items():
        if judge not in judges:
            raise SgAssetsError(
                f"unknown judge '{judge}'",
                where=f"models/benchmarks/{benchmark.name}.yaml, judges.{flag}",
                remedy=nearest(judge, judges),
            )
