"""The rules for work modules, over the package."""

import re

import pytest

from sg_assets_tests.work_rules.rules import RULES, registers_by_decorator
from sg_assets_tests.work_rules.tree import NO_WORK, all_modules, work_modules

pytestmark = pytest.mark.slow

_ENVIRONMENT = "the environment of the own process, which libraries read when they are imported"
_LOCKS = "open locks of this process, which a forked process has to close; no work reads them"
ALLOWED = {
    "sg_assets.processes.job_process changes os.environ": _ENVIRONMENT,
    "sg_assets.processes.job_process changes os.environ.setdefault": _ENVIRONMENT,
    "sg_assets.training.job changes os.environ": _ENVIRONMENT,
    "sg_assets.training.job changes os.environ.setdefault": _ENVIRONMENT,
    "sg_assets.leaderboard.job changes os.environ": _ENVIRONMENT,
    "sg_assets.leaderboard.job changes os.environ['HF_HUB_OFFLINE']": _ENVIRONMENT,
    "sg_assets.generation.transformers_engine changes os.environ.setdefault": _ENVIRONMENT,
    "sg_assets.embedding.torch_models changes os.environ.setdefault": _ENVIRONMENT,
    "sg_assets.quality.great_expectations changes os.environ.setdefault": _ENVIRONMENT,
    "sg_assets.reports.render.drawing changes mpl.rcParams.update": "within mpl.rc_context, which puts all of it back",
    "sg_assets.processes.presence changes _held.add": _LOCKS,
    "sg_assets.processes.presence changes _held.discard": _LOCKS,
    "sg_assets.processes.presence changes _held.clear": _LOCKS,
    "sg_assets.adapters.adapted_model getattr(torch, dtype)": "torch's, by a recorded parameter",
}
"""Violations that stay, without their lines, each with the reason."""


def violations() -> set[str]:
    """All of the package, without their lines."""
    lines = [line for rule in RULES for module in work_modules() for line in rule(module)]
    lines += [line for module in work_modules() for line in registers_by_decorator(module, all_modules())]
    return {re.sub(r":\d+ ", " ", line, count=1) for line in lines}


@pytest.mark.parametrize("rule", RULES)
def test_work_modules_keep_the_rules(rule: object) -> None:
    assert callable(rule)
    lines = [line for module in work_modules() for line in rule(module)]
    assert [line for line in lines if re.sub(r":\d+ ", " ", line, count=1) not in ALLOWED] == []


def test_no_decorator_of_a_work_module_registers() -> None:
    assert [line for module in work_modules() for line in registers_by_decorator(module, all_modules())] == []


def test_what_is_allowed_is_still_there() -> None:
    assert ALLOWED.keys() - violations() == set()


def test_what_is_left_out_is_still_there() -> None:
    assert NO_WORK.keys() <= {name.removeprefix("sg_assets.") for name in all_modules()}


def test_every_init_is_empty_or_exports() -> None:
    rule = next(rule for rule in RULES if rule.__name__ == "does_more_than_export")
    assert [line for module in all_modules().values() for line in rule(module)] == []
