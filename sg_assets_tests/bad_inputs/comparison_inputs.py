"""Bad questions to ``sg-assets why`` and ``history``, and stores whose past is damaged."""

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.store.manifests import Manifest
from sg_assets.store.quarantine import QuarantinedError
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.bad_inputs.bad_input import BadInput, command
from sg_assets_tests.store.steps import ROWS, at_most, recipe, step, writing

SCORE = "scores/toxicity[sft]"
VALUES = pl.DataFrame(
    {"metric": "rate", "slice": ["safe", "unsafe"], "value": [0.1, 0.5], "low": [0.0, 0.4], "high": [0.2, 0.6], "n": 9}
)
Harm = Callable[[Store, list[Manifest]], None]


def _nothing(_: Store, __: list[Manifest]) -> None:
    return


def _in_store(name: str, arguments: tuple[str, ...], *says: str, harm: Harm = _nothing) -> BadInput:
    """A command on a small store; ``OLD`` and ``NEW`` stand for the two versions of the score."""

    def act(home: Path, environment: pytest.MonkeyPatch) -> str:
        environment.setenv("SG_HOME", str(home))
        environment.setenv("SG_PROFILE", "demo")
        built, versions = _built()
        shutil.copytree(built.name, home / "demo" / "store")
        store = Store(home / "demo" / "store", "demo")
        harm(store, versions)
        ids = {"OLD": versions[0].version, "NEW": versions[1].version}
        heads = store.heads.names()
        answer = command(*(ids.get(argument, argument) for argument in arguments))
        assert store.heads.names() == heads, "something was published"
        return answer

    return BadInput(name, act, says)


@cache
def _built() -> tuple[TemporaryDirectory[str], list[Manifest]]:
    """A store of two versions of a score, and of other assets; made once."""
    folder = TemporaryDirectory()
    store = Store(Path(folder.name), "demo")
    versions = [_publish(store, SCORE, rate) for rate in (0.1, 0.2)]
    for other in ("scores/toxicity[base]", "scores/refusals[sft]", "templated/prompts", "adapters/sft[sft]"):
        _publish(store, other, 0.3)
    return folder, versions


def _publish(store: Store, name: str, rate: float) -> Manifest:
    rows = VALUES.with_columns(pl.col("value") + rate, variant=pl.lit("sft"))
    return step(store, name, writing(rows), made_by=recipe(key=("metric", "slice"), rate=rate)).manifest


def _torn_head(store: Store, _: list[Manifest]) -> None:
    (store.home / store.heads.names_of(Ref.parse(SCORE))[-1]).write_text('{"action": "pub')


def _torn_manifest(store: Store, versions: list[Manifest]) -> None:
    (store.home / f"manifests/{versions[1].ref.folder}/{versions[1].version}.json").write_text("")


def _in_quarantine(store: Store, _: list[Manifest]) -> None:
    try:
        step(store, "scores/waiting[sft]", writing(ROWS), made_by=at_most(1))
    except QuarantinedError:
        return
    raise SgAssetsError("the version was published")


CASES = [
    _in_store("another benchmark", ("why", SCORE, "--against", "scores/refusals[sft]"),
              "--against", "scores/toxicity[sft] cannot be compared with scores/refusals[sft]",
              "Did you mean 'scores/toxicity[base]'"),
    _in_store("another kind of asset", ("why", SCORE, "--against", "templated/prompts"),
              "cannot be compared with templated/prompts", "'scores/toxicity[base]'"),
    _in_store("an adapter against its score", ("why", "adapters/sft[sft]", "--against", SCORE),
              "cannot be compared with scores/toxicity[sft]", "No other partition of adapters/sft is published"),
    _in_store("a partition that is not there", ("why", SCORE, "--against", "scores/toxicity[bas]"),
              "scores/toxicity[bas] has no version", "scores/toxicity[base]"),
    _in_store("a misspelt asset", ("why", "scores/toxcity[sft]"), "has no version", "scores/toxicity[sft]"),
    _in_store("no asset at all", ("why", "toxicity"), "toxicity"),
    _in_store("a version that is not there", ("why", SCORE, "--from", "01M8PJK0Y2GCCXDPQP19FTD7QW-5aef6cb7"),
              "unknown version '01M8PJK0Y2GCCXDPQP19FTD7QW-5aef6cb7'", "sg-assets versions"),
    _in_store("a version id as the asset", ("why", "01M8PJK0Y2GCCXDPQP19FTD7QW-5aef6cb7"),
              "unknown version", "sg-assets versions"),
    _in_store("a version of another asset", ("why", "scores/refusals[sft]", "--to", "NEW"),
              "is a version of scores/toxicity[sft]", "sg-assets versions 'scores/refusals[sft]'"),
    _in_store("no version but one", ("why", "scores/refusals[sft]"),
              "is the first version of scores/refusals[sft]", "--against"),
    _in_store("the first version", ("why", SCORE, "--to", "OLD"), "is the first version", "--from"),
    _in_store("nothing in quarantine", ("why", SCORE, "--quarantined"),
              "no version of scores/toxicity[sft] is in quarantine", "sg-assets versions"),
    _in_store("two versions to explain", ("why", SCORE, "--quarantined", "--to", "NEW"),
              "--quarantined and --to both name the version", "Leave one of them out"),
    _in_store("only in quarantine", ("why", "scores/waiting[sft]"), "no version of scores/waiting[sft] is published",
              "1 version in quarantine", "--quarantined --against", harm=_in_quarantine),
    _in_store("the history of a quarantined score", ("history", "scores/waiting[sft]"),
              "no version of scores/waiting[sft] is published", "1 version in quarantine", harm=_in_quarantine),
    _in_store("only in quarantine against nothing", ("why", "scores/waiting[sft]", "--quarantined"),
              "No earlier version is published to compare it with", "--against", harm=_in_quarantine),
    _in_store("the history of a table", ("history", "templated/prompts[x]"), "has no version", "templated/prompts"),
    _in_store("the history of an adapter", ("history", "adapters/sft[sft]"), "is not a table of scores",
              "sg-assets versions 'adapters/sft[sft]'"),
    _in_store("a misspelt metric", ("history", SCORE, "--metric", "rat"), "has no metric 'rat'", "'rate'"),
    _in_store("a misspelt slice", ("history", SCORE, "--slice", "unsave"), "has no slice 'unsave'", "'unsafe'"),
    _in_store("a replay of no score", ("why", "templated/prompts", "--replay"), "is the first version"),
    _in_store("a torn head", ("why", SCORE), "heads/scores/toxicity", "cannot be read", "sg-assets repair",
              harm=_torn_head),
    _in_store("a torn record of the current version", ("why", SCORE), "manifests/scores/toxicity", "cannot be read",
              harm=_torn_manifest),
]  # fmt: skip
