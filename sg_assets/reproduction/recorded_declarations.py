"""The declarations as they were when a version was made, as far as its own step reads them.

A step's work reads what is declared now. To make a version again, what its manifest records is put in its place: the
parameters into the records they came from, the SQL by its stored text. Whether that worked is not assumed: the recipe
that follows must have the recorded parameters.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from pydantic import BaseModel

from sg_assets.declarations.graph import DIVERGENCE, LEADERBOARD
from sg_assets.declarations.loading import Declarations
from sg_assets.declarations.neutral_values import neutrals
from sg_assets.declarations.recipe_parameters import deciding_of, with_recorded
from sg_assets.declarations.records.benchmark import Divergence
from sg_assets.declarations.records.model import HubModel
from sg_assets.declarations.records.template import FewShot, LexiconEntry, Template
from sg_assets.declarations.records.training import TrainingOptions
from sg_assets.declarations.sql import parse_query
from sg_assets.errors import NotDeclaredError, SgAssetsError
from sg_assets.store.manifests import Manifest
from sg_assets.store.recipes import Recipe
from sg_assets.training.spec import TrainingSettings

Values = Mapping[str, Any]
_GIVEN: Final = ("demo", "models")
"""Schemas whose work takes its other parameters from the workspace."""


def as_recorded(declared: Declarations, recorded: Manifest, queries: Mapping[str, str]) -> Declarations:
    """What is declared now, with what a version records in its place.

    Args:
        declared: What is declared now.
        recorded: The version, or one as it would be with other parameters.
        queries: Its SQL by the file that declares it.
    """
    put_back = _BY_ASSET.get(recorded.asset) or _BY_SCHEMA.get(recorded.ref.schema, _seed)
    return put_back(_with_queries(declared, recorded, queries), recorded)


def require_recorded(recipe: Recipe, recorded: Manifest, declared: Declarations) -> None:
    """Raise unless the recipe that follows from the declarations has a version's parameters.

    Raises:
        SgAssetsError: it has not; names what differs.
    """
    if recorded.asset in declared.sql or recorded.ref.schema in _GIVEN:
        return  # the work reads the workspace's parameters, which are the recorded ones
    was, now = _plain(recorded.parameters), _plain(recipe.parameters)
    was = deciding_of(was, now)
    differing = sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))
    if differing:
        raise SgAssetsError(
            f"{', '.join(differing)} cannot be put back",
            where=f"{recorded.ref} {recorded.version}",
            why="what it was made with is not declared any more, or its files are not here",
        )


def _plain(values: Values) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(dict(values), default=str))
    return plain


def _with_queries(declared: Declarations, recorded: Manifest, queries: Mapping[str, str]) -> Declarations:
    asset, benchmark = recorded.asset, declared.benchmarks.get(recorded.ref.table)
    if (text := queries.get(f"sql/{asset}.sql")) is not None and asset in declared.sql:
        query = parse_query(text, where=f"sql/{asset}.sql as recorded")
        return replace(declared, sql={**declared.sql, asset: replace(declared.sql[asset], query=query)})
    if benchmark is not None and (text := queries.get(f"models/benchmarks/{benchmark.name}.yaml")) is not None:
        put_back = benchmark.model_copy(update={"items": text})
        return replace(declared, benchmarks={**declared.benchmarks, benchmark.name: put_back})
    return declared


def _profile(declared: Declarations, **changes: Any) -> Declarations:  # noqa: ANN401 - fields of a profile
    return replace(declared, profile=declared.profile.model_copy(update=changes))


def _seed(declared: Declarations, recorded: Manifest) -> Declarations:
    seed = recorded.parameters.get("seed")
    return declared if seed is None else _profile(declared, seed=seed)


def _templates(declared: Declarations, recorded: Manifest) -> Declarations:
    rows = recorded.parameters["rows"]
    templates = [Template(id=one["template_id"], text=one["template"], safe_ok=one["safe_ok"]) for one in rows]
    return replace(declared, templates=tuple(templates))


def _few_shots(declared: Declarations, recorded: Manifest) -> Declarations:
    rows = recorded.parameters["rows"]
    few_shots = [FewShot(id=one["example_id"], text=one["text"], answer=one["answer"]) for one in rows]
    return replace(declared, few_shots=tuple(few_shots))


def _lexicon(declared: Declarations, recorded: Manifest) -> Declarations:
    return replace(declared, lexicon=tuple(LexiconEntry(**one) for one in recorded.parameters["rows"]))


def _comments(declared: Declarations, recorded: Manifest) -> Declarations:
    return _profile(declared, raw=with_recorded(declared.profile.raw, recorded.parameters))


def _toxigen(declared: Declarations, recorded: Manifest) -> Declarations:
    samples = declared.profile.samples.model_copy(update={"toxigen_per_file": recorded.parameters["per_file"]})
    return _profile(declared, seed=recorded.parameters["seed"], samples=samples)


def _labelled(declared: Declarations, recorded: Manifest) -> Declarations:
    return _profile(declared, labelling=with_recorded(declared.profile.labelling, recorded.parameters))


def _chat(declared: Declarations, recorded: Manifest) -> Declarations:
    models, name = declared.profile.chat_models, str(recorded.partition)
    hub = None
    if "repo" in recorded.parameters:
        hub = HubModel.model_validate({**neutrals(HubModel), **recorded.parameters})
    return _profile(declared, chat_models={**models, name: models[name].model_copy(update={"hub": hub})})


def _judge(declared: Declarations, recorded: Manifest) -> Declarations:
    judge = declared.judges[recorded.ref.table]
    put_back = judge.model_copy(update={"looks_at": recorded.parameters["looks_at"]})
    return _seed(replace(declared, judges={**declared.judges, judge.name: put_back}), recorded)


def _base_responses(declared: Declarations, recorded: Manifest) -> Declarations:
    return _profile(declared, generation=with_recorded(declared.profile.generation, recorded.parameters))


def _adapter(declared: Declarations, recorded: Manifest) -> Declarations:
    values, name = {**neutrals(TrainingSettings), **recorded.parameters}, str(recorded.partition)
    if name not in declared.variants:
        raise NotDeclaredError(f"the variant '{name}' is not declared any more", where=str(recorded.ref))
    known = {key: value for key, value in values.items() if key in TrainingOptions.model_fields and value is not None}
    variant = declared.variants[name].model_copy(
        update={
            "rank": values["declared_rank"],
            "seed": values["seed"],
            "training": with_recorded(declared.variants[name].training, _unset(TrainingOptions) | known),
        }
    )
    put_back = replace(declared, variants={**declared.variants, name: variant})
    return _profile(put_back, rank_scale=values["rank_scale"])


def _unset(record: type[BaseModel]) -> dict[str, None]:
    """Every field as it is where nothing is declared."""
    return dict.fromkeys(record.model_fields)


def _judgements(declared: Declarations, recorded: Manifest) -> Declarations:
    benchmark = declared.benchmarks[recorded.ref.table]
    asked, thresholds = recorded.parameters["judges"], recorded.parameters["thresholds"]
    judges = dict(declared.judges)
    for flag, name in asked.items():
        if name not in judges:
            raise NotDeclaredError(f"the judge '{name}' is not declared any more", where=str(recorded.ref))
        judges[name] = judges[name].model_copy(
            update={"thresholds": {"recorded": thresholds[flag]}, "threshold": "recorded"}
        )
    put_back = benchmark.model_copy(update={"judges": dict(asked)})
    return replace(declared, judges=judges, benchmarks={**declared.benchmarks, benchmark.name: put_back})


def _divergence(declared: Declarations, recorded: Manifest) -> Declarations:
    items = recorded.parameters["items"]
    benchmarks = {
        name: one.model_copy(update={"divergence": Divergence(items=items[name]) if name in items else None})
        for name, one in declared.benchmarks.items()
    }
    return _seed(replace(declared, benchmarks=benchmarks), recorded)


def _leaderboard(declared: Declarations, recorded: Manifest) -> Declarations:
    today = declared.profile.leaderboard
    if today is None:
        raise NotDeclaredError("the leaderboard is not declared any more", where=str(recorded.ref))
    return _profile(declared, leaderboard=with_recorded(today, recorded.parameters))


_PutBack = Callable[[Declarations, Manifest], Declarations]
_BY_ASSET: Final[Mapping[str, _PutBack]] = {
    "templated/templates": _templates,
    "synthesized/few_shots": _few_shots,
    "synthesized/lexicon": _lexicon,
    "synthesized/base_responses": _base_responses,
    "raw/forum_comments": _comments,
    "raw/toxigen_prompts": _toxigen,
    "raw/sg_toxicity_prompts": _labelled,
    "models/chat": _chat,
    DIVERGENCE: _divergence,
    LEADERBOARD: _leaderboard,
}
_BY_SCHEMA: Final[Mapping[str, _PutBack]] = {
    "judges": _judge,
    "adapters": _adapter,
    "responses": _base_responses,
    "judgements": _judgements,
}
