"""Versions as they would be with some causes put back: made once each, and only where no stored version will do."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sg_assets.errors import ContentMissingError
from sg_assets.lineage.causes import Cause, Kind
from sg_assets.lineage.input_pairs import pair_inputs
from sg_assets.lineage.replay.restored_causes import Player, code_with, parameters_with
from sg_assets.lineage.walk import Changed, Explanation
from sg_assets.store.manifests import Manifest, PinnedInput
from sg_assets.store.store import Store

Make = Callable[[Manifest, Sequence[Manifest]], Manifest]
"""Makes a version as it would be: its parameters and source texts, and what it reads."""
Put = frozenset[int]
"""Players that are put back, by place."""
_READ: Final = (Kind.PARENT, Kind.ADAPTER, Kind.BASE_MODEL)


@dataclass
class CounterfactualVersions:
    """The versions of one comparison, with any of its players put back."""

    store: Store
    """Has the two versions and what was made so far."""
    explanation: Explanation
    players: Sequence[Player]
    make: Make
    _known: dict[tuple[str, Put], Manifest] = field(default_factory=dict)
    made: int = 0
    """Versions that had to be made."""

    def score(self, put: Put) -> Manifest:
        """The version compared, with these players put back."""
        return self._version(self.explanation.changed[-1].name, put)

    def relevant(self, name: str) -> Put:
        """The players that enter at an asset partition or before it."""
        one = self._by_name[name]
        own = {place for place, player in enumerate(self.players) if name in player.places}
        return frozenset(own.union(*(self.relevant(read) for read in one.reads)))

    def to_make(self, puts: Collection[Put]) -> dict[str, int]:
        """How many versions of each asset partition these coalitions take, at most: none is made to find out."""
        asked: dict[str, set[Put]] = {}
        for one in self.explanation.changed:
            relevant = self.relevant(one.name)
            states = {put & relevant for put in puts}
            if self.store.has_content(self._manifest(one.after)):
                states -= {frozenset()}
            asked[one.name] = {put for put in states if not (put == relevant and self._all_put_back(one.name))}
            if any(player.whole for player in self.players if one.name in player.places):
                asked[one.name] = set()
        return {name: len(states) for name, states in asked.items() if states}

    @property
    def _by_name(self) -> Mapping[str, Changed]:
        return {one.name: one for one in self.explanation.changed}

    def _all_put_back(self, name: str) -> bool:
        """Whether everything that enters at a place or before it belongs to some player."""
        one = self._by_name[name]
        mine = [cause for cause in self.explanation.causes if name in cause.places]
        theirs = [cause for cause in mine if any(cause in player.causes for player in self.players)]
        return len(theirs) == len(mine) and all(self._all_put_back(read) for read in one.reads)

    def _version(self, name: str, put: Put) -> Manifest:
        put &= self.relevant(name)
        if (name, put) not in self._known:
            self._known[name, put] = self._found(name, put)
        return self._known[name, put]

    def _found(self, name: str, put: Put) -> Manifest:
        one = self._by_name[name]
        before, after = self._manifest(one.before), self._manifest(one.after)
        if not put and self.store.has_content(after):
            return after
        players = [self.players[place] for place in sorted(put) if name in self.players[place].places]
        if any(player.whole for player in players):
            return self._there(before)
        causes = [cause for player in players for cause in player.causes]
        inputs = self._inputs(before, after, put, causes)
        wanted = after.model_copy(
            update={
                "parameters": parameters_with(before, after, causes),
                "code": code_with(before, after, causes),
                "inputs": tuple(manifest.pin() for manifest in inputs),
            }
        )
        return self._stored_alike(before, after, wanted) or self._made(wanted, inputs)

    def _inputs(self, before: Manifest, after: Manifest, put: Put, causes: Collection[Cause]) -> list[Manifest]:
        """What is read then: changed inputs as they would be, and others in place of those that were swapped."""
        swapped = {cause.name for cause in causes if cause.kind in _READ}
        pairing = pair_inputs(before.inputs, after.inputs)
        old_of = {new.version: old for old, new in pairing.pairs}
        found = []
        for pin in after.inputs:
            if pin.asset in swapped:
                if pin.version in old_of:
                    found.append(self._there(self._manifest(old_of[pin.version])))
            elif str(pin.ref) in self._by_name:
                found.append(self._version(str(pin.ref), put))
            else:
                found.append(self._there(self._manifest(pin)))
        return found + [self._there(self._manifest(pin)) for pin in pairing.gone if pin.asset in swapped]

    def _stored_alike(self, before: Manifest, after: Manifest, wanted: Manifest) -> Manifest | None:
        """A stored version of the same inputs' contents, parameters and texts, by the later version's libraries."""
        known = [after, before, *self.store.versions(after.ref)]
        return next((one for one in known if _alike(one, wanted) and self.store.has_content(one)), None)

    def _made(self, wanted: Manifest, inputs: Sequence[Manifest]) -> Manifest:
        self.made += 1
        return self.make(wanted, inputs)

    def _there(self, version: Manifest) -> Manifest:
        if not self.store.has_content(version):
            raise ContentMissingError(
                f"the content of {version.version} is gone", where=str(version.ref),
                why="a replay reads it", remedy=f"Materialize {version.ref} with what it was made from again",
            )  # fmt: skip
        return version

    def _manifest(self, pin: PinnedInput) -> Manifest:
        return self.store.manifest(pin.ref, pin.version)


def _alike(one: Manifest, other: Manifest) -> bool:
    return (
        _contents(one) == _contents(other)
        and one.parameters == other.parameters
        and (one.code.texts, one.code.definitions) == (other.code.texts, other.code.definitions)
        and one.libraries == other.libraries
    )


def _contents(one: Manifest) -> list[tuple[str, str]]:
    return sorted((str(pin.ref), pin.fingerprint) for pin in one.inputs)
