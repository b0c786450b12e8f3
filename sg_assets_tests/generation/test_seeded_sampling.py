"""Words drawn at random, each prompt by itself."""

from typing import Any

import pytest

from sg_assets.declarations.records.model import Sampling
from sg_assets.generation.seeded_sampling import processors

pytestmark = pytest.mark.slow
DRAWS = 4000


def drawn(sampling: Sampling, batch: list[list[int]], scores: list[float]) -> list[int]:
    import torch

    (processor,) = processors(sampling, batch)
    table = torch.tensor([scores] * len(batch))
    chosen: Any = processor(torch.tensor(batch), table).argmax(dim=1)
    return [int(word) for word in chosen]


def test_nothing_declared_is_greedy() -> None:
    assert processors(None, [[1]]) == []


def test_words_come_as_often_as_their_scores_say() -> None:
    import torch

    scores = [2.0, 1.0, 0.0, -1.0]
    words = drawn(Sampling(temperature=1.5, seed=3), [[number] for number in range(DRAWS)], scores)
    shares = torch.bincount(torch.tensor(words), minlength=4) / DRAWS
    torch.testing.assert_close(shares, torch.softmax(torch.tensor(scores) / 1.5, dim=0), atol=0.03, rtol=0)


def test_only_the_likeliest_words_that_make_up_the_share_come() -> None:
    words = drawn(Sampling(temperature=1, top_p=0.6, seed=3), [[number] for number in range(500)], [2.0, 1.9, 0.0, 0.0])
    assert set(words) == {0, 1}


def test_what_is_drawn_for_a_prompt_does_not_depend_on_its_batch() -> None:
    sampling, prompts = Sampling(temperature=2, seed=3), [[number, 5] for number in range(40)]
    scores = [0.0] * 50
    together = drawn(sampling, prompts, scores)
    assert together == [drawn(sampling, [prompt], scores)[0] for prompt in prompts]
    assert together[::-1] == drawn(sampling, prompts[::-1], scores)


def test_another_seed_draws_others() -> None:
    prompts = [[number] for number in range(40)]
    assert drawn(Sampling(temperature=1, seed=1), prompts, [0.0] * 50) != drawn(
        Sampling(temperature=1, seed=2), prompts, [0.0] * 50
    )
