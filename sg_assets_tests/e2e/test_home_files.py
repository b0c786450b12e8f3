"""Every file of a finished home is of a known kind: compared before it is read, derived, or without harm."""

import random
import re
from pathlib import Path
from typing import Final

import pytest

from sg_assets.generation.kept_outputs import damaged_outputs
from sg_assets.store.partition_names import refs_with_versions
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.e2e.conftest import Finished, sg_assets
from sg_assets_tests.store.harm import flip_bit

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1500)]

_ULID: Final = "[0-9A-HJKMNP-TV-Z]{26}"
_RUN: Final = "[0-9a-f-]{36}"
_REF: Final = "[^/]+/[^/]+/[^/]+"
COMPARED: Final = (
    r"store/store\.json",
    rf"store/(manifests|heads|marks|quarantine)/{_REF}/[^/]+\.json",
    r"store/copies/.+",
    r"store/code/[0-9a-f]{32}\.txt",
    rf"store/runs/{_RUN}/[^/]+",
    r"store/(objects|artifacts)/.+",
    rf"answers/[0-9a-f]+/{_ULID}\.jsonl(\.seal)?",
    rf"(judged|embedded)/[^/]+/{_ULID}\.parquet(\.seal)?",
    r"checkpoints/[0-9a-f]+/.+",
)
"""Files that `verify` names where a bit of them flipped, and that are compared before they are used."""
DERIVED: Final = {
    r"store/registry\.(duckdb|json)": "the catalogue; the next command writes it anew where it differs",
    r"store/checks/.+\.json": "ends with its digest; what differs is not believed, and costs a digest of a content",
    r"declarations\.jsonl": "names the digest of what it holds; what differs is not used, and read again",
}
"""Files that are made again from others, with how a damage is noticed."""
WITHOUT_HARM: Final = {
    rf"dagster/history/runs(/index|/{_RUN}|/)?\.db": "Dagster's records of runs, which no version depends on; `verify`"
    " names those that SQLite cannot read",
    r"dagster/schedules/schedules\.db": "as the records of runs",
    r"dagster/dagster\.yaml": "a declaration, checked at each start",
    rf"dagster/storage/{_RUN}/.+": "logs, for people to read",
    r"alerts\.sqlite": "incidents and notices for people; no version depends on them",
    r"(alerts\.delivering|dagster\.lock|dagster/dead_runs\.lock|checkpoints/[0-9a-f]+\.lock)": "an empty lock",
    r"answers/[0-9a-f]+/leases/claim\.lock": "an empty lock",
    r"dagster/.*presence.*": "notes of living processes, which end with these",
}
"""Files in which a flipped bit changes no version, with the reason."""
KNOWN: Final = [re.compile(kind) for kind in (*COMPARED, *DERIVED, *WITHOUT_HARM)]


def files(home: Path) -> list[str]:
    return sorted(path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file())


def test_every_file_of_a_finished_home_is_of_a_known_kind(finished: Finished) -> None:
    home = finished.home / "tiny"
    assert [name for name in files(home) if not any(kind.fullmatch(name) for kind in KNOWN)] == []


def test_every_stored_output_of_a_finished_home_has_a_seal(finished: Finished) -> None:
    home = finished.home / "tiny"
    outputs = [path for pattern in ("answers/*/*.jsonl", "judged/*/*.parquet", "embedded/*/*.parquet")
               for path in home.glob(pattern)]  # fmt: skip
    assert len(outputs) > 10
    assert [path for path in outputs if not path.with_name(f"{path.name}.seal").is_file()] == []


def harmed_files(home: Path, chosen: random.Random) -> list[str]:
    """Fifty files with a flipped bit each, of every kind that is compared."""
    names = [name for name in files(home) if any(re.fullmatch(kind, name) for kind in COMPARED)]
    kinds = [[name for name in names if re.fullmatch(kind, name)] for kind in COMPARED]
    each = [chosen.choice(of_kind) for of_kind in kinds if of_kind]
    harmed = sorted({*each, *chosen.sample(names, 50 - len(each))})
    for name in harmed:
        flip_bit(home / name, chosen)
    return harmed


def test_fifty_flipped_bits_are_named_and_outputs_set_aside(home: Path) -> None:
    harmed = harmed_files(home / "tiny", random.Random(1))
    verified = sg_assets(home, "verify")
    assert verified.returncode == 1, verified.stderr
    assert [name for name in harmed if _shown(name) not in verified.stdout.replace("\n", "")] == []
    sg_assets(home, "repair", "--no-make")
    assert list(damaged_outputs(home / "tiny")) == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", [2, 3])
def test_fifty_flipped_bits_are_mended_by_repair_and_run_and_none_is_used(
    home: Path, finished: Finished, seed: int
) -> None:
    harmed_files(home / "tiny", random.Random(seed))
    sg_assets(home, "repair", "--no-make")
    run = sg_assets(home, "run")
    assert run.returncode == 0, run.stderr + run.stdout
    verified = sg_assets(home, "verify")
    assert verified.returncode == 0, verified.stdout
    made = Store(home / "tiny" / "store", "tiny")
    refs = refs_with_versions(finished.store)
    assert [ref for ref in refs if _fingerprint(made, ref) != _fingerprint(finished.store, ref)] == []


def _fingerprint(store: Store, ref: Ref) -> str:
    return store.required_head(ref).fingerprint


def _shown(name: str) -> str:
    """How `verify` names a file: of the store by its name there, of a copy by its record,
    of a content by the content's name."""
    short = name.removeprefix("store/").removeprefix("copies/").removesuffix(".seal")
    return "/".join(short.split("/")[:4]) if short.startswith("artifacts/") else short
