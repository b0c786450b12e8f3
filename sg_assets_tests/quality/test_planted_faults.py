"""Planted faults are caught by the check meant for them and not published; harmless changes raise nothing."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.ingest.forum import ColumnNames, read_comments
from sg_assets.store.quarantine import QuarantinedError, quarantined_versions
from sg_assets.store.refs import Ref
from sg_assets_tests.quality.faults import ANSWERED, FAULTS, LABELLED, MIXED, SAFE, Fault
from sg_assets_tests.quality.variations import VARIATIONS
from sg_assets_tests.quality.world import ORDER, World

pytestmark = pytest.mark.slow

READERS = {name: Ref.parse(name) for name in ORDER}


def with_leak(world: World) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """A prompt of the hold-out among those to learn from, as if it were of train."""
    splits = world.frame("templated/splits").filter(pl.col("split") == "holdout")
    prompt = world.frame("templated/prompts").join(splits.select("prompt_id"), on="prompt_id").head(1)
    return lambda frame: pl.concat([frame, prompt.with_columns(split=pl.lit("train")).select(frame.columns)])


def with_own_prompts(world: World) -> Callable[[pl.DataFrame], pl.DataFrame]:
    prompts = world.frame("templated/prompts").select("prompt_id", "prompt")
    return lambda frame: frame.join(prompts, on="prompt_id").with_columns(response="prompt").drop("prompt")


def with_trained_prompts(world: World) -> Callable[[pl.DataFrame], pl.DataFrame]:
    trained = world.frame(MIXED)["prompt"].head(5)
    return lambda frame: frame.with_columns(prompt=pl.concat([trained, frame["prompt"].tail(frame.height - 5)]))


NEED_OTHERS = {
    "a leaked text": with_leak,
    "answers that repeat their prompts": with_own_prompts,
    "benchmark prompts trained on": with_trained_prompts,
}
"""Edits that put in what other tables hold."""


def planted(world: World, name: str) -> Fault:
    edit = NEED_OTHERS.get(name)
    return FAULTS[name] if edit is None else replace(FAULTS[name], edit=edit(world))


def reader_of(world: World, name: str) -> str | None:
    """A table made from another one."""
    ref = Ref.parse(name)
    graph = world.project.graph
    return next((frame for frame, other in READERS.items() if ref in graph.inputs(other.asset, other.partition)), None)


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_caught_by_the_check_meant_for_it_and_not_published(guarded_world: World, name: str) -> None:
    fault = planted(guarded_world, name)
    ref, store = Ref.parse(fault.name), guarded_world.project.store
    good = store.required_head(ref)
    with pytest.raises(QuarantinedError) as caught:
        guarded_world.publish(fault.name, fault.edit)
    failed = {result.name for result in caught.value.candidate.audit if result.stops}
    assert fault.caught_by in failed
    assert store.required_head(ref) == good
    assert quarantined_versions(store, ref)[-1] == caught.value.candidate


@pytest.mark.parametrize("name", ["labels swapped", "a template missing", "a leaked text", "answers that got lost"])
def test_what_reads_a_table_is_still_made_from_its_last_good_version(world: World, name: str) -> None:
    fault = planted(world, name)
    good = world.project.store.required_head(Ref.parse(fault.name))
    with pytest.raises(QuarantinedError):
        world.publish(fault.name, fault.edit)
    reader = reader_of(world, fault.name)
    assert reader is not None
    made = world.publish(reader)
    assert made.moved_head
    assert good.pin() in made.manifest.inputs


@pytest.mark.parametrize("name", VARIATIONS)
def test_a_harmless_change_is_published_without_an_alert(world: World, name: str) -> None:
    table, edit = VARIATIONS[name]
    before = world.project.store.required_head(Ref.parse(table))
    made = world.publish(table, edit).manifest
    assert [frame for frame in made.audit if not frame.passed] == []
    order_alone = name.startswith("other order")
    assert (made.fingerprint == before.fingerprint) == order_alone, "the case changes nothing"


def test_the_good_world_raises_nothing(good: World) -> None:
    heads = [good.project.store.required_head(Ref.parse(name)) for name in ORDER]
    assert [frame.name for head in heads for frame in head.audit if not frame.passed] == []
    assert sum(len(head.audit) for head in heads) > 200


def test_what_fails_tells_keys_and_no_texts(guarded_world: World) -> None:
    with pytest.raises(QuarantinedError) as caught:
        guarded_world.publish(SAFE, lambda frame: frame.with_columns(response=pl.lit("")))
    texts = guarded_world.frame("raw/forum_comments")["text"].to_list()
    recorded = caught.value.candidate.model_dump_json()
    assert "prompt_id=" in recorded
    assert [text for text in texts if text in recorded] == []


def test_a_truncated_file_of_comments_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    rows = "\n".join(f'{{"text": "comment {index}"}}' for index in range(2000))
    folder = tmp_path / "raw"
    folder.mkdir()
    whole = gzip.compress(rows.encode())
    (folder / "dump.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SgAssetsError, match=r"dump\.jsonl\.gz"):
        read_comments(
            folder,
            ColumnNames(text=("text",), source=(), split=()),
            tmp_path / "out.parquet",
            tmp_path / "rejects.parquet",
        )
    assert not (tmp_path / "out.parquet").exists()


def test_a_truncated_table_is_not_published(guarded_world: World) -> None:
    good = guarded_world.project.store.required_head(Ref.parse(LABELLED))
    with pytest.raises(duckdb.Error):
        guarded_world.publish(LABELLED, cut_in_half(guarded_world))
    assert guarded_world.project.store.required_head(Ref.parse(LABELLED)) == good


def cut_in_half(world: World) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Writes half the bytes of the frame's file in its place."""

    class Cut(pl.DataFrame):
        def write_parquet(self, file: Path) -> None:  # type: ignore[override]
            super().write_parquet(file)
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    return Cut


def test_a_warning_is_published_and_told(world: World) -> None:
    made = world.publish(ANSWERED, lambda frame: frame.with_columns(response=pl.lit("My number is 9123 4567.")))
    failed = [frame for frame in made.manifest.audit if not frame.passed]
    assert [(frame.name, frame.blocking) for frame in failed] == [("no_personal_data", False)]
    assert made.moved_head
