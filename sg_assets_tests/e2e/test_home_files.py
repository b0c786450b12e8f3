"""Every file of a finished home is of a known kind: compared before it is read, derived, or without harm."""

import random
import re
from pathlib import Path
from typing import Final

import pytest

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


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.soak)])
def test_fifty_flipped_bits_are_named_and_mended(home: Path, seed: int) -> None:
    chosen = random.Random(seed)
    compared = re.compile("|".join(COMPARED))
    names = [name for name in files(home / "tiny") if compared.fullmatch(name)]
    kinds = {kind: [name for name in names if re.fullmatch(kind, name)] for kind in COMPARED}
    each = [chosen.choice(of_kind) for of_kind in kinds.values() if of_kind]
    harmed = sorted({*each, *chosen.sample(names, 50 - len(each))})
    for name in harmed:
        flip_bit(home / "tiny" / name, chosen)
    said = sg_assets(home, "verify")
    assert said.returncode == 1, said.stderr
    unnamed = [name for name in harmed if _shown(name) not in said.stdout.replace("\n", "")]
    assert unnamed == []
    sg_assets(home, "repair")
    run = sg_assets(home, "run")
    assert run.returncode == 0, run.stderr + run.stdout
    again = sg_assets(home, "verify")
    assert again.returncode == 0, again.stdout


def _shown(name: str) -> str:
    """How `verify` names a file: of the store by its name there, of a content by the content's name or the version."""
    short = name.removeprefix("store/").removesuffix(".seal")
    return "/".join(short.split("/")[:4]) if short.startswith("artifacts/") else short
