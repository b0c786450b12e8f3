"""Libraries compared: for answers the ones they were generated with, else those of the step."""

from collections.abc import Iterator, Mapping

from sg_assets.lineage.causes import Cause, Kind
from sg_assets.lineage.changed_values import sessions
from sg_assets.store.manifests import Manifest


def library_causes(partition: str, before: Manifest, after: Manifest) -> Iterator[Cause]:
    """A cause per library that can move the result and had another version."""
    old, new = effective_libraries(before), effective_libraries(after)
    recorded_alike = (before.code.listing is None) == (after.code.listing is None)
    # Before format 3 libraries were listed by hand: a library that is missing from such a list was used all the same.
    for name in sorted(old.keys() | new.keys() if recorded_alike else old.keys() & new.keys()):
        if old.get(name) != new.get(name):
            yield Cause(Kind.LIBRARY, (partition,), name, old.get(name), new.get(name))
    was, now = before.code.python, after.code.python
    if was is not None and now is not None and was != now:
        yield Cause(Kind.LIBRARY, (partition,), "python", was, now)


def effective_libraries(manifest: Manifest) -> dict[str, str]:
    """Versions by library. Cached answers were generated with the versions of their own time."""
    by_session = [_libraries(session) for session in sessions(manifest)]
    generated = {name: {used[name] for used in by_session if name in used} for name in manifest.libraries}
    return {name: ", ".join(sorted(generated[name] or {version})) for name, version in manifest.libraries.items()}


def _libraries(session: Mapping[str, object]) -> Mapping[str, str]:
    libraries = session.get("libraries")
    return {str(name): str(version) for name, version in libraries.items()} if isinstance(libraries, Mapping) else {}
