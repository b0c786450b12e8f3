"""Whether what was entered stands in what recipes say is reached."""

from collections.abc import Callable, Iterable, Mapping, Set

from sg_assets_tests.tracing.records import Entered

Definition = tuple[str, str]
"""A module and the name of a definition at its top."""


def uncovered(
    traced: Mapping[str, Set[Entered]],
    closures: Mapping[str, Set[Definition]],
    reason_of: Callable[[str, str], str | None],
) -> list[str]:
    """What a step entered that neither its closure nor the exclusions know: a change of it would go unseen.

    Args:
        traced: What was entered, by step; what was entered outside steps, under the empty name, is of no concern.
        closures: The definitions each step's recipe covers.
        reason_of: Why a definition is excluded; None where it is not.

    Returns:
        One line per definition, with the steps that entered it; also one per step without any closure.
    """
    steps: dict[tuple[str, str, str], list[str]] = {}
    lines = [f"{step}: no closure is known" for step in sorted(traced) if step and step not in closures]
    for step, entered in sorted(traced.items()):
        covered = closures.get(step)
        if covered is None or not step:
            continue
        for function in entered:
            key = (function.module, function.definition)
            if key not in covered and reason_of(*key) is None:
                steps.setdefault((*key, function.qualname), []).append(step)
    return lines + [
        f"{module}.{definition} ({qualname}): entered by {_listed(names)}"
        for (module, definition, qualname), names in sorted(steps.items())
    ]


def never_entered(names: Iterable[str], traced: Mapping[str, Set[Entered]]) -> list[str]:
    """Assets of which no partition's work was traced: nothing is known of what they enter.

    Args:
        names: Assets that have work of their own; none that are made beside others.
        traced: What was entered, by step.
    """
    worked = {step.partition("[")[0] for step, entered in traced.items() if entered}
    return sorted(set(names) - worked)


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
