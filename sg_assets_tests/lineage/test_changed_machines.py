"""Where contents differ, another kind of machine is a cause if both versions record their machines."""

from typing import Any

import pytest

from sg_assets.lineage.causes import Cause, Kind
from sg_assets.lineage.changed_machines import Difference, kind_differences, known_kinds, machine_causes
from sg_assets.lineage.walk import Explanation, explain
from sg_assets.store.machine_record import Machine
from sg_assets.store.manifests import Manifest
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets_tests.machines import machine

ADAPTER = Ref.parse("adapters/sft[sft_r128]")


def adapter(store: Store, *machines: Machine, fingerprint: str = "a" * 32, **changes: Any) -> Manifest:
    """The adapter of the small world, as if made on these machines."""
    update = {"machines": machines, "fingerprint": fingerprint, **changes}
    return store.required_head(ADAPTER).model_copy(update=update)


def between(store: Store, old: tuple[Machine, ...], new: tuple[Machine, ...], **changes: Any) -> Explanation:
    return explain(store, adapter(store, *old, **changes), adapter(store, *new, fingerprint="b" * 32, **changes))


def machine_values(causes: tuple[Cause, ...]) -> list[tuple[str, object, object]]:
    assert all(cause.kind is Kind.MACHINE for cause in causes)
    return [(cause.name, cause.old, cause.new) for cause in causes]


def test_another_instruction_set_is_named_and_the_work_is_not_said_not_to_repeat_itself(store: Store) -> None:
    explanation = between(store, (machine("AVX512"),), (machine("AVX2"),))
    assert machine_values(explanation.causes) == [("instruction set", "AVX512", "AVX2")]
    assert explanation.causes[0].places == (str(ADAPTER),)


@pytest.mark.parametrize(
    ("change", "name", "old", "new"),
    [
        ({"threads": 4}, "threads", 2, 4),
        ({"blas": ("openblas 0.3.30 Zen",)}, "linear algebra", "MKL 2024.2", "openblas 0.3.30 Zen"),
        ({"gpu": "H200"}, "GPU", None, "H200"),
        ({"compute_capability": "9.0"}, "compute capability", None, "9.0"),
        ({"cuda": "12.8"}, "CUDA", None, "12.8"),
        ({"cudnn": "91002"}, "cuDNN", None, "91002"),
        ({"limits": {"ONEDNN_MAX_CPU_ISA": "AVX2"}}, "ONEDNN_MAX_CPU_ISA", None, "AVX2"),
        ({"deterministic": {"cudnn.benchmark": "true"}}, "cudnn.benchmark", None, "true"),
    ],
)
def test_every_part_of_a_kind_is_named(
    store: Store, change: dict[str, Any], name: str, old: object, new: object
) -> None:
    explanation = between(store, (machine(),), (machine(**change),))
    assert machine_values(explanation.causes) == [(name, old, new)]


@pytest.mark.parametrize(("old", "new"), [((), (machine("AVX2"),)), ((machine("AVX2"),), ()), ((), ())])
def test_of_a_side_that_does_not_tell_nothing_is_claimed(
    store: Store, old: tuple[Machine, ...], new: tuple[Machine, ...]
) -> None:
    [cause] = between(store, old, new).causes
    assert cause.kind is Kind.NOT_REPEATED
    assert "not recorded" in cause.note


def test_on_one_kind_of_machine_the_work_does_not_repeat_itself(store: Store) -> None:
    [cause] = between(store, (machine(),), (machine(about={"cpu": "another"}),)).causes
    assert cause.kind is Kind.NOT_REPEATED
    assert "not recorded" not in cause.note


def test_equal_contents_of_two_machines_leave_nothing_to_tell(store: Store) -> None:
    assert explain(store, adapter(store, machine("AVX2")), adapter(store, machine())).causes == ()


def test_declared_threads_are_told_as_the_parameter_alone(store: Store) -> None:
    parameters = store.required_head(ADAPTER).parameters
    before = adapter(store, machine(threads=2), parameters={**parameters, "threads": 2})
    after = adapter(store, machine(threads=4), parameters={**parameters, "threads": 4}, fingerprint="b" * 32)
    assert [(cause.kind, cause.name) for cause in explain(store, before, after).causes] == [(Kind.TRAINING, "threads")]


def test_several_machines_of_a_side_are_all_named() -> None:
    [difference] = kind_differences([machine("AVX2").kind], [machine("AVX512").kind, machine("AVX2").kind])
    assert difference == Difference("instruction set", "AVX2", "AVX2, AVX512")
    assert str(difference) == "instruction set AVX2 -> AVX2, AVX512"


def answers(store: Store, *sessions: dict[str, Any], machines: tuple[Machine, ...] = ()) -> Manifest:
    version = store.required_head(Ref.parse("responses/sg_safety[sft_r128]"))
    return version.model_copy(update={"details": {"sessions": list(sessions)}, "machines": machines})


def test_answers_of_which_some_do_not_tell_where_they_were_made_are_of_no_known_kind(store: Store) -> None:
    recorded, old = {"machine": machine().model_dump(mode="json")}, {"batch_size": 8}
    assert known_kinds(answers(store, recorded, machines=(machine(),))) == (machine().kind,)
    assert known_kinds(answers(store, recorded, old, machines=(machine(),))) == ()


def test_other_batches_are_told_of_answers(store: Store) -> None:
    before, after = answers(store, {"batch_size": 8}), answers(store, {"batch_size": 8}, {"batch_size": 64})
    assert machine_values(tuple(machine_causes("x", before, after))) == [("batch size", 8, "8, 64")]


def test_the_device_is_told_where_the_machine_is_not_known(store: Store) -> None:
    before, after = answers(store, {"device": "cpu"}), answers(store, {"device": "cuda"})
    assert machine_values(tuple(machine_causes("x", before, after))) == [("device", "cpu", "cuda")]


def test_the_gpu_tells_the_device(store: Store) -> None:
    def side(device: str, gpu: str | None) -> Manifest:
        where = machine(gpu=gpu)
        return answers(store, {"device": device, "machine": where.model_dump(mode="json")}, machines=(where,))

    machine_changes = tuple(machine_causes("x", side("cpu", None), side("cuda", "H200")))
    assert machine_values(machine_changes) == [("GPU", None, "H200")]


def test_a_fact_that_only_an_earlier_version_has_among_its_parameters_is_no_cause(store: Store) -> None:
    parameters = store.required_head(ADAPTER).parameters
    before = adapter(store, machine(), parameters={**parameters, "device": "cpu"})
    after = adapter(store, machine("AVX2"), fingerprint="b" * 32)
    assert machine_values(explain(store, before, after).causes) == [("instruction set", "AVX512", "AVX2")]
