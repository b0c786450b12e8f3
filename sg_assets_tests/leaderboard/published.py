"""A folder in place of the hub: a few documents of each data set that lm-eval's leaderboard tasks read.

``datasets`` takes a folder of the data set's name in the working directory for the data set itself.
"""

import json
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

Documents = Sequence[Mapping[str, Any]]

_MATH = {
    "algebra", "counting_and_probability", "geometry", "intermediate_algebra", "number_theory", "prealgebra",
    "precalculus",
}  # fmt: skip


def write_data_sets(folder: Path) -> None:
    """Write all of them under ``folder``."""
    math = {subject: {"train": _math(), "test": _math()} for subject in _MATH}
    _write(folder / "TIGER-Lab/MMLU-Pro", {"default": {"test": _mmlu_pro(4), "validation": _mmlu_pro(5)}})
    _write(
        folder / "Idavidrein/gpqa",
        {f"gpqa_{subset}": {"train": _gpqa(4)} for subset in ("main", "diamond", "extended")},
    )
    _write(folder / "TAUR-Lab/MuSR", {"default": {name: _musr(n) for name, n in _MUSR.items()}})
    _write(folder / "DigitalLearningGmbH/MATH-lighteval", math)
    _write(folder / "wis-k/instruction-following-eval", {"default": {"train": _ifeval()}})
    _write(folder / "SaylorTwift/bbh", {name: {"test": shots} for name, shots in _bbh().items()})


_MUSR = {"murder_mysteries": 2, "object_placements": 5, "team_allocation": 3}


def _mmlu_pro(n: int) -> Documents:
    options = [str(number) for number in range(10)]
    return [{"question": f"What is 5 + {i} - 5?", "options": options, "answer": "ABCDE"[i]} for i in range(n)]


def _gpqa(n: int) -> Documents:
    wrong = {f"Incorrect Answer {k}": f"{k} apples" for k in (1, 2, 3)}
    question = " How many apples are in basket {}?"
    return [{"Question": question.format(i), "Correct Answer": f"{i + 5} apples", **wrong} for i in range(n)]


def _musr(choices: int) -> Documents:
    names = [f"box {k}" for k in range(choices)]
    return [
        {
            "narrative": f"Ann put ball {i // 2} away.",
            "question": f"Where is it on day {i % 2}?",
            "choices": str(names),
            "answer_index": i % choices,
            "answer_choice": names[i % choices],
        }
        for i in range(4)
    ]


def _math() -> Documents:
    hard = {"problem": "What is $2+2$?", "level": "Level 5", "solution": "It is $\\boxed{4}$."}
    return [hard, hard | {"level": "Level 1"}]


def _ifeval() -> Documents:
    nothing = {"num_words": None, "relation": None}
    few = {"num_words": 3, "relation": "less than"}
    commas, words = "punctuation:no_comma", "length_constraints:number_words"
    return [
        {"key": 1, "prompt": "Write without commas.", "instruction_id_list": [commas], "kwargs": [nothing]},
        {"key": 2, "prompt": "Write a word.", "instruction_id_list": [words, commas], "kwargs": [few, nothing]},
    ]


def _bbh() -> dict[str, Documents]:
    """The documents of every BBH subtask: the shots that its own definition carries."""
    spec = find_spec("lm_eval")
    assert spec is not None
    assert spec.origin is not None
    rows = {}
    for path in (Path(spec.origin).parent / "tasks/leaderboard/bbh_mc").glob("[a-z]*.yaml"):
        definition = yaml.safe_load(path.read_text(encoding="utf-8"))
        rows[definition["dataset_name"]] = definition["fewshot_config"]["samples"]
    return rows


def _write(folder: Path, data: Mapping[str, Mapping[str, Documents]]) -> None:
    folder.mkdir(parents=True)
    listed = []
    for name, splits in data.items():
        files = [{"split": split, "path": f"{name}/{split}.jsonl"} for split in splits]
        listed.append({"config_name": name, "data_files": files})
        for split, documents in splits.items():
            file = folder / name / f"{split}.jsonl"
            file.parent.mkdir(exist_ok=True)
            file.write_text("".join(json.dumps(row) + "\n" for row in documents), encoding="utf-8")
    (folder / "README.md").write_text(f"---\n{yaml.safe_dump({'configs': listed})}---\n", encoding="utf-8")
