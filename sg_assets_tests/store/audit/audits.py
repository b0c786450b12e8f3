"""Auditing a small table."""

from typing import Any

import polars as pl

from sg_assets.store.audit.evaluation import audit
from sg_assets.store.audit.results import AuditResult
from sg_assets.store.columns import Column
from sg_assets.store.contracts import Check, Contract
from sg_assets.store.engine import connect
from sg_assets.store.fingerprints import scan_table

FRAME = pl.DataFrame({"id": [1, 2, 3, 4], "score": [0.1, 0.2, 1.5, None], "text": ["a", "b", "secret", "d"]})


def audited(frame: pl.DataFrame, contract: Contract, **parameters: Any) -> tuple[AuditResult, ...]:
    with connect() as connection:
        connection.register("frame", frame)
        connection.execute("CREATE SCHEMA raw; CREATE VIEW raw.source AS SELECT 3 AS id")
        return audit(connection, "frame", scan_table(connection, "frame", contract.key), contract, parameters)


def checked(sql: str, frame: pl.DataFrame = FRAME, **parameters: Any) -> AuditResult:
    (*_, result) = audited(frame, Contract(("id",), checks=(Check("it", "It holds.", sql),)), **parameters)
    return result


def columned(*columns: tuple[str, str]) -> AuditResult:
    (result,) = audited(FRAME, Contract(columns=tuple(Column(*declared) for declared in columns)))
    return result


def keyed(frame: pl.DataFrame, *key: str) -> AuditResult:
    (result,) = audited(frame, Contract(key))
    return result
