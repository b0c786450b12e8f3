"""What every table must hold before it is published."""

import duckdb

from sg_assets.errors import SgAssetsError, nearest
from sg_assets.store.fingerprints import quote


def check_key(connection: duckdb.DuckDBPyConnection, relation: str, key: tuple[str, ...], *, where: str) -> None:
    """Every key column exists and is present in every row, and no key occurs twice.

    Raises:
        SgAssetsError: naming the column, or the first repeated key.
    """
    if not key:
        return
    columns = [str(row[0]) for row in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()]
    for column in key:
        if column not in columns:
            raise SgAssetsError(f"the key column '{column}' is missing", where=where, remedy=nearest(column, columns))
    listed = ", ".join(quote(column) for column in key)
    absent = " OR ".join(f"{quote(column)} IS NULL" for column in key)
    found = connection.execute(f"SELECT count(*) FROM {relation} WHERE {absent}").fetchone()
    if found and found[0]:
        raise SgAssetsError(f"{found[0]} row(s) have no key ({', '.join(key)})", where=where)
    repeated = connection.execute(
        f"SELECT {listed}, count(*) FROM {relation} GROUP BY {listed} HAVING count(*) > 1 ORDER BY ALL LIMIT 1"
    ).fetchone()
    if repeated:
        told = ", ".join(f"{column}={value}" for column, value in zip(key, repeated, strict=False))
        raise SgAssetsError(f"the key {told} occurs {repeated[-1]} times", where=where)
