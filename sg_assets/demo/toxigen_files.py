r"""Small prompt files in TOXIGEN's official layout, about invented peoples in mild words.

Layout: ``{hate,neutral}_<group>_1k.txt``, one prompt a line, ``- a\n- b\n-`` with a literal backslash and ``n``
(microsoft/TOXIGEN, ``prompts/``). The groups are names of files only. The real files can be put in their place.
"""

import random
from pathlib import Path

from sg_assets.demo import statements
from sg_assets.demo.vocabulary import CONTENT, all_words
from sg_assets.errors import SgAssetsError
from sg_assets.ingest.toxigen import GROUPS

_KINDS = {"hate": statements.HATE, "neutral": statements.NEUTRAL}
_REDRAWS = 1000


def write_prompt_files(folder: Path, seed: int, per_file: int) -> None:
    """Write the 26 files with ``per_file`` distinct prompts each; the same seed writes the same bytes.

    Raises:
        SgAssetsError: the sentences do not hold ``per_file`` distinct prompts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for label, kind in _KINDS.items():
        for index, group in enumerate(GROUPS):
            rng = random.Random(f"toxigen {seed} {label} {group}")  # noqa: S311 - reproducible texts, no secret
            peoples = CONTENT["people"][index :: len(GROUPS)]
            lines = _prompts(rng, kind, peoples, per_file)
            (folder / f"{label}_{group}_1k.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _prompts(rng: random.Random, kind: tuple[statements.Statement, ...], peoples: tuple[str, ...], n: int) -> list[str]:
    """``n`` distinct lines in the order drawn; one prompt speaks of one people."""
    prompts: dict[str, None] = {}
    for _ in range(n * _REDRAWS):
        if len(prompts) == n:
            return list(prompts)
        words = {**all_words(), "people": (rng.choice(peoples),)}
        sentences = [statements.draw(rng, kind, words)[0] for _ in range(rng.randint(2, 3))]
        prompts[statements.prompt(sentences).replace("\n", "\\n")] = None
    raise SgAssetsError(f"no {n} distinct prompts to write", where="demo/toxigen", remedy="Ask for fewer prompts")
