"""Bad ways to apply adapters, and models that are not what a probe was made of."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sg_assets.adapters.adapted_model import Application
from sg_assets.adapters.effect import ModelCheck, require_effect
from sg_assets.adapters.probe import AdapterProbe
from sg_assets.adapters.probe_chats import ProbeItem
from sg_assets.adapters.probe_job import read_spec
from sg_assets.declarations.record_reading import read_named
from sg_assets.declarations.records.base import Record
from sg_assets.declarations.records.model import Generation
from sg_assets_tests.bad_inputs.bad_input import BadInput, error_of

FILE = "models/profiles/x.yaml"
GENERATION = {"batch_size": 4, "max_new_tokens": 4, "max_prompt_tokens": 99, "dtype": "float32", "device": "cpu"}
PROBE = AdapterProbe(items=(ProbeItem(prompt=(1,), answer=(2, 3)),), base=(-1.0, -2.0), adapted=(-0.5, -1.0))


class _Profile(Record):
    """The part of a profile that declares it."""

    name: str
    generation: Generation


def _declared(name: str, added: str, *says: str) -> BadInput:
    """A profile whose generation goes on with this at line 7."""

    def act(root: Path, _: pytest.MonkeyPatch) -> str:
        path = root / FILE
        path.parent.mkdir(parents=True)
        lines = "".join(f"  {key}: {value}\n" for key, value in GENERATION.items())
        path.write_text(f"generation:\n{lines}  {added}\n")
        return error_of(lambda: read_named(path, _Profile, root))

    return BadInput(name, act, (FILE, "line 7", *says))


def _loaded(name: str, dtype: str, application: Application, loaded: tuple[float, ...], *says: str) -> BadInput:
    """A model that answers with these log-probabilities."""
    check = ModelCheck(application=application, dtype=dtype)
    return _refused(name, lambda: require_effect(PROBE, lambda _: loaded, check, where="adapters/sft[a]"), *says)


def _refused(name: str, call: Callable[[], object], *says: str) -> BadInput:
    return BadInput(name, lambda _root, _patch: error_of(call), says)


CASES = [
    _declared("an unknown way to apply", "adapter: fused", "generation.adapter", "'merged'"),
    _declared("a share above one", "probe: {at_least: 90}", "generation.probe.at_least", "less than or equal to 1"),
    _declared("an unknown key of the probe", "probe: {at_leats: 0.9}", "at_leats", "at_least"),
    _loaded("a rounded sum", "bfloat16", "merged", (-0.8, -1.6), "40.0%", "90% are needed", "dtype: float32"),
    _loaded("a forgotten adapter", "float32", "merged", (-1.0, -2.0), "adapters/sft[a]", "0.0%", "Load the adapter"),
    _loaded("another adapter", "float32", "unmerged", (-3.0, -0.1), "another adapter", "of this version"),
    _refused("no spec of a probing job", lambda: read_spec(Path("nowhere.json")), "nowhere.json", "no such probing"),
]
