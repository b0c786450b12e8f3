"""What `sg-assets show --code` prints: the definitions that are the code of a step."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING

from sg_assets.code.modules import Definition

if TYPE_CHECKING:
    from sg_assets.code.closure import Closure
    from sg_assets.store.store import Store


def code_lines(name: str, store: "Store") -> Iterator[str]:
    """The code of an asset partition's step as installed, or of a version as recorded.

    Raises:
        SgAssetsError: there is no such partition or version.
    """
    if "/" in name:
        from sg_assets.orchestration.project import load_project
        from sg_assets.orchestration.step_closure import step_closure
        from sg_assets.store.refs import Ref

        ref = Ref.parse(name)
        closure = step_closure(load_project(), ref)
        yield f"{ref}: {len(closure.digests)} definitions, {closure.fingerprint}, as installed"
        yield from _listed(closure.digests, _lines_installed(closure))
        yield from _left_out(closure)
        yield from _libraries(closure)
    else:
        yield from _recorded(name, store)


def _recorded(version: str, store: "Store") -> Iterator[str]:
    from sg_assets.reproduction.stored_code import stored_code_of
    from sg_assets.store.quarantine import quarantined_version

    manifest = quarantined_version(store, version) or store.find(version)
    code = stored_code_of(store, manifest)
    yield f"{manifest.ref} {version}: {manifest.code.definitions or manifest.code.fingerprint}, as recorded"
    if code.listing is not None:
        yield f"{len(code.listing.digests)} definitions" + (", the package as installed" if code.is_installed else "")
        yield from _listed(code.listing.digests, {})
    elif not code.recorded:
        yield "Code recorded by whole modules:"
        yield from (f"  {name}  {digest[:8]}" for name, digest in sorted(manifest.code.texts.items()))
    for missing in code.missing:
        yield f"{missing}: not stored"


def _listed(digests: Mapping[Definition, str], lines: Mapping[Definition, int]) -> Iterator[str]:
    for module, definitions in groupby(sorted(digests), key=lambda definition: definition.module):
        yield module
        for definition in definitions:
            line = f"  line {lines[definition]}" if definition in lines else ""
            yield f"  {digests[definition][:8]}  {definition.name}{line}"


def _lines_installed(closure: "Closure") -> dict[Definition, int]:
    from sg_assets.code.closure import installed_analysis

    modules = installed_analysis().modules
    return {item: modules.statements(item)[0].lineno for item in closure.digests}


def _left_out(closure: "Closure") -> Iterator[str]:
    from sg_assets.code.exclusion_table import reason

    yield f"Left out: {len(closure.left_out)} definitions that decide no result"
    for definition in closure.left_out:
        yield f"  {definition}: {reason(*definition)}"


def _libraries(closure: "Closure") -> Iterator[str]:
    from sg_assets.code.ignored_libraries import WITHOUT_EFFECT, distributions

    for name in sorted(distributions(closure.externals)):
        without = WITHOUT_EFFECT.get(name)
        yield f"Library {name}" + (f": {without}" if without else "")
