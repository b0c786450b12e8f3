"""The job ``verify``: reading contents again and comparing them with their records, from the UI."""

from collections.abc import Iterator, Sequence
from typing import Final

import dagster as dg
from pydantic import Field

from sg_assets.errors import SgAssetsError
from sg_assets.orchestration.acts.act import Act, ActConfig, Event, act_job, ended
from sg_assets.orchestration.home_checks import DamagedFile, damaged_in_home
from sg_assets.orchestration.project import Project
from sg_assets.store.manifests import MadeBy
from sg_assets.store.partition_names import named_partitions, refs_with_versions
from sg_assets.store.record_checks import DamagedRecord, damaged_records
from sg_assets.store.refs import Ref
from sg_assets.store.store import Store
from sg_assets.store.verification import Verified, remedy, verified

JOB: Final = "verify"
OP: Final = "verify_contents"


class VerifyConfig(ActConfig):
    """Which contents are read."""

    names: list[str] = Field(
        default=[], description="schema/table, or schema/table[partition]: whose versions are read. Empty: all."
    )


def verify_job(project: Project) -> dg.JobDefinition:
    """The job that reads contents again; its run fails where a content differs from its record."""

    def perform(context: dg.OpExecutionContext, config: VerifyConfig) -> Iterator[Event]:
        store = project.store
        refs = refs_of(store, config.names)
        contents = []
        for content in verified(store, refs):
            contents.append(content)
            for difference in content.differences:
                context.log.error(f"{content.version.ref} {content.version.version}: {difference}")
        for ref in refs:
            yield _observation(ref, [content for content in contents if _holds(content, ref)], config.maker)
        differing = [content for content in contents if content.differences]
        records = damaged_records(store, refs if config.names else None)
        of_home = [] if config.names else damaged_in_home(project.settings)
        if differing:
            raise failure(store, differing, len(contents), [*records, *of_home])
        if records or of_home:
            damaged: list[DamagedRecord | DamagedFile] = [*records, *of_home]
            lines = "\n".join(_line(file) for file in damaged)
            raise SgAssetsError(f"damaged records and files: {len(damaged)}", why=lines)
        yield ended(context, [f"Contents read: {len(contents)}. None differs from its record: nothing to do."])

    return act_job(
        Act(
            JOB,
            OP,
            "Read the contents of versions again and compare files, bytes and rows with their records, and every record"
            " with what was written. Changes nothing. Each partition gets an observation; the run fails where"
            " anything is damaged, and says what mends it.",
            VerifyConfig,
            {"names": [], "who": ""},
            perform,
        )
    )


def refs_of(store: Store, names: Sequence[str]) -> list[Ref]:
    """The partitions that names stand for; all that have a version where no asset or variant is named.

    Raises:
        SgAssetsError: a name has no version.
    """
    if not names:
        return refs_with_versions(store)
    return sorted({ref for name in names for ref in named_partitions(store, name)}, key=str)


def failure(
    store: Store, differing: Sequence[Verified], read: int, records: Sequence[DamagedRecord | DamagedFile] = ()
) -> SgAssetsError:
    """The error of contents that differ, and of records that are damaged: which, how, and what mends each."""
    lines = [
        f"{content.version.ref} {content.version.version}: {'; '.join(content.differences)}. {remedy(store, content)}"
        for content in differing
    ]
    lines += [_line(record) for record in records]
    number = f"{len(differing)} of {read} contents" if read > 1 else "the content"
    return SgAssetsError(f"{number} differ{'s' * (len(differing) == 1)} from the record", why="\n".join(lines))


def _line(record: DamagedRecord | DamagedFile) -> str:
    return f"{record.name}: {record.problem}. {record.remedy}"


def _holds(content: Verified, ref: Ref) -> bool:
    return any(manifest.ref == ref for manifest in content.versions)


def _observation(ref: Ref, contents: Sequence[Verified], by: MadeBy) -> dg.AssetObservation:
    differences = [
        f"{content.version.version}: {difference}" for content in contents for difference in content.differences
    ]
    return dg.AssetObservation(
        asset_key=dg.AssetKey(ref.asset.split("/")),
        partition=ref.partition,
        description="contents differ from their records" if differences else "contents are as recorded",
        metadata={
            "outcome": "verified: contents differ" if differences else "verified: contents are as recorded",
            "contents_read": len(contents),
            "differences": dg.MetadataValue.md("\n".join(f"- {line}" for line in differences))
            if differences
            else "none",
            "by": str(by),
        },
    )
