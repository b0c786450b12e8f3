"""How much our generation costs over a bare script that makes the same ``transformers`` calls.

Both answer the same prompts with the same model (the demo's size, random weights), greedy in fp32, sorted by length, in
the same batches, on one thread. Ours also keys every request, leases it, stores every answer and reads the table back.
Time is processor time, which other work on the machine moves little; rounds change about, and the best of each counts.
Run: ``python benchmarks/generation.py [--prompts N] [--rounds N]``.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from untrained import make_model

from sg_assets.declarations.records.model import Generation
from sg_assets.demo.corpus import comments
from sg_assets.generation.generate import GeneratedAnswers, generate
from sg_assets.generation.transformers_engine import TransformersEngine
from sg_assets.processes.job_process import quiet_offline_environment

SETTINGS = Generation(batch_size=64, max_new_tokens=48, max_prompt_tokens=1024, dtype="float32", device="cpu")
ALLOWED = 1.10


def bare(model: Any, tokenizer: Any, prompts: Sequence[str]) -> list[str]:  # noqa: ANN401
    """The shortest script that does it: no cache, no record."""
    import torch

    texts = [
        tokenizer.apply_chat_template([{"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True)
        for prompt in prompts
    ]
    encoded = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in texts]
    order = sorted(range(len(encoded)), key=lambda index: (len(encoded[index]), index))
    answers = [""] * len(prompts)
    for start in range(0, len(order), SETTINGS.batch_size):
        batch = order[start : start + SETTINGS.batch_size]
        padded = tokenizer.pad({"input_ids": [encoded[index] for index in batch]}, padding=True, return_tensors="pt")
        with torch.inference_mode():
            output = model.generate(**padded, max_new_tokens=SETTINGS.max_new_tokens, do_sample=False, num_beams=1)
        new = output[:, padded["input_ids"].shape[1] :]
        for index, text in zip(batch, tokenizer.batch_decode(new, skip_special_tokens=True), strict=True):
            answers[index] = text
    return answers


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.process_time()
    result = work()
    return time.process_time() - started, result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prompts", type=int, default=768)
    parser.add_argument("--rounds", type=int, default=4)
    options = parser.parse_args()
    quiet_offline_environment()
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    torch.set_num_threads(1)
    prompts = [f"Reply to this comment: {text}" for text in comments(0, options.prompts)["text"]]
    chats = [[{"role": "user", "content": prompt}] for prompt in prompts]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        make_model(folder / "model", prompts)
        pinned: Any = SimpleNamespace(fingerprint="benchmark")
        engine = TransformersEngine(SETTINGS, (pinned, folder / "model"), None)
        model = AutoModelForCausalLM.from_pretrained(folder / "model").eval()
        tokenizer = AutoTokenizer.from_pretrained(folder / "model", padding_side="left")
        generate(engine, folder / "warm", chats[:64], lambda _: None, run_id="warm")
        bare(model, tokenizer, prompts[:64])

        def ours() -> GeneratedAnswers:
            return generate(engine, Path(tempfile.mkdtemp(dir=folder)), chats, lambda _: None, run_id="run")

        def theirs() -> list[str]:
            return bare(model, tokenizer, prompts)

        return compare(ours, theirs, options.rounds)


def compare(ours: Callable[[], GeneratedAnswers], theirs: Callable[[], list[str]], rounds: int) -> int:
    best = {"ours": float("inf"), "bare": float("inf")}
    for number in range(rounds):
        for name in ("ours", "bare") if number % 2 else ("bare", "ours"):
            if name == "ours":
                seconds, made = timed(ours)
            else:
                seconds, texts = timed(theirs)
            best[name] = min(best[name], seconds)
        tokens = made.details()["response_tokens"]
        if made.frame()["response"].to_list() != texts:
            print("the two did not give the same answers", file=sys.stderr)
            return 1
    ratio = best["ours"] / best["bare"]
    for name, seconds in best.items():
        print(f"{name}: {tokens} tokens in {seconds:.2f} processor s, {tokens / seconds:.0f} tokens/s")
    print(f"ratio {ratio:.3f} (best of {rounds} rounds each; allowed {ALLOWED})")
    return 0 if ratio <= ALLOWED else 1


if __name__ == "__main__":
    sys.exit(main())
