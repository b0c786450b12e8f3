"""Libraries side by side: of answers those they were generated with, else those of the step."""

from collections.abc import Iterator, Mapping

from sg_assets.lineage.causes import Cause, Kind
from sg_assets.lineage.changed_values import sessions
from sg_assets.store.manifests import Manifest


def library_causes(place: str, before: Manifest, after: Manifest) -> Iterator[Cause]:
    """A cause per library that can move the result and had another version."""
    old, new = effective_libraries(before), effective_libraries(after)
    alike = (before.code.listing is None) == (after.code.listing is None)
    # Of versions of before format 3 libraries were listed by hand: one that is missing there was used all the same.
    for name in sorted(old.keys() | new.keys() if alike else old.keys() & new.keys()):
        if old.get(name) != new.get(name):
            yield Cause(Kind.LIBRARY, (place,), name, old.get(name), new.get(name))
    was, now = before.code.python, after.code.python
    if was is not None and now is not None and was != now:
        yield Cause(Kind.LIBRARY, (place,), "python", was, now)


def effective_libraries(manifest: Manifest) -> dict[str, str]:
    """Versions by library. Answers that the cache held were made with the versions of their own time."""
    told = [_libraries(session) for session in sessions(manifest)]
    generated = {name: {one[name] for one in told if name in one} for name in manifest.libraries}
    return {name: ", ".join(sorted(generated[name] or {version})) for name, version in manifest.libraries.items()}


def _libraries(session: Mapping[str, object]) -> Mapping[str, str]:
    told = session.get("libraries")
    return {str(name): str(version) for name, version in told.items()} if isinstance(told, Mapping) else {}
