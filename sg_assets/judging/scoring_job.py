"""The scoring job, run as its own process: ``python -m sg_assets.judging.scoring_job SPEC.json``.

Gives texts to a judge or an embedder and keeps what it says by text: torch is loaded in this process alone, and its
memory goes with it. A killed job loses the texts of one portion; the next one takes up the rest. Nothing is downloaded.
"""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sg_assets.judging.judge_spec import CLASSIFIER, EMBEDDER
from sg_assets.judging.scoring_spec import TEXTS, ScoringSpec, read_spec, score_and_cut
from sg_assets.processes.job_process import quiet_offline_environment, run_payload
from sg_assets.training.progress import Log, reporter

if TYPE_CHECKING:
    import polars as pl

    from sg_assets.store.model_output_cache import Ask

_PORTION: Final = 1024
"""Texts after which what the model said is kept."""


def main(arguments: list[str]) -> int:
    """Run the job; returns the exit status."""
    return run_payload(arguments, _run_spec)


def _run_spec(path: Path) -> None:
    from sg_assets.embedding.torch_models import TorchRun, device_of
    from sg_assets.machine import this_machine
    from sg_assets.processes.job_process import machines_file
    from sg_assets.training.checkpoints import write_machines

    spec = read_spec(path)
    quiet_offline_environment()
    with reporter() as say:
        ask_all(spec, say)
    run = TorchRun(spec.batch_size, spec.device, spec.threads)
    device = device_of(run) if {CLASSIFIER, EMBEDDER} & spec.files.keys() else None
    write_machines(machines_file(path), [this_machine(spec.threads, device=device)])


def ask_all(spec: ScoringSpec, say: Log) -> None:
    """Ask about every text that nothing is kept of, portion by portion.

    Args:
        spec: The job.
        say: Takes progress lines.
    """
    import polars as pl

    from sg_assets.store.model_output_cache import cached_outputs

    ask, dtype = _asked(spec)
    texts = pl.read_parquet(spec.texts)[TEXTS]
    begin = time.perf_counter()
    for start in range(0, len(texts), _PORTION):
        cached_outputs(spec.memory, texts[start : start + _PORTION], ask, dtype)
        done = min(start + _PORTION, len(texts))
        rate = done / max(time.perf_counter() - begin, 1e-9)
        say(f"{done} of {len(texts)} texts, {rate:.1f} a second")


def _asked(spec: ScoringSpec) -> "tuple[Ask, pl.DataType]":
    """The model, and the type of what it says of a text."""
    from sg_assets.embedding.open_embedder import open_embedder
    from sg_assets.embedding.torch_models import LoadedFrom, TorchRun
    from sg_assets.judging.open_judge import open_judge
    from sg_assets.store.model_output_cache import VECTOR

    run = TorchRun(spec.batch_size, spec.device, spec.threads, spec.parity)
    files = {part: LoadedFrom(known.path, known.trust_remote_code) for part, known in spec.files.items()}
    if spec.is_embedder:
        embedder = open_embedder(spec.folder, files.get(EMBEDDER), run)
        return lambda texts: embedder.embed_counted(texts)[0].tolist(), VECTOR
    judge = open_judge(spec.folder, files, run)

    def ask(texts: list[str]) -> list[list[float]]:
        scores, is_cut = judge.score(texts)
        return [[float(score), float(cut)] for score, cut in zip(scores, is_cut, strict=True)]

    return ask, score_and_cut()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
