"""The hub's errors as readable errors with a remedy."""

from collections.abc import Iterator
from contextlib import contextmanager

from sg_assets.errors import SgAssetsError

_TOKEN = "set HF_TOKEN to a token that may read it"  # noqa: S105 - the name of a variable


@contextmanager
def readable_hub_errors(repo: str, revision: str) -> Iterator[None]:
    """Turn an exception of the hub's client into a readable error.

    Raises:
        SgAssetsError: the hub cannot be reached or refuses; names repository, revision and remedy.
    """
    import httpx2
    from huggingface_hub import errors

    try:
        yield
    except (errors.HfHubHTTPError, errors.LocalEntryNotFoundError, errors.HFValidationError) as error:
        raise _readable(error, repo, revision) from error
    except (httpx2.TransportError, OSError) as error:
        raise _unreachable(error, repo, revision) from error


def _readable(error: Exception, repo: str, revision: str) -> SgAssetsError:
    from huggingface_hub import errors

    where = f"{repo}@{revision}"
    if isinstance(error, errors.GatedRepoError):
        remedy = f"Ask for access at https://huggingface.co/{repo}, and {_TOKEN}"
        return SgAssetsError("the repository is gated", where=where, why="access was not granted", remedy=remedy)
    if isinstance(error, errors.RepositoryNotFoundError):
        remedy = f"Check the name; if it is private, {_TOKEN}"
        return SgAssetsError("the hub shows no such repository", where=where, remedy=remedy)
    if isinstance(error, errors.RevisionNotFoundError):
        remedy = "Declare a revision that exists; what was resolved before may have been moved or deleted"
        return SgAssetsError("the repository has no such revision", where=where, remedy=remedy)
    if isinstance(error, errors.HfHubHTTPError):
        status = error.response.status_code
        remedy = f"Check HF_TOKEN: {_TOKEN}" if status in (401, 403) else "Try again later"
        return SgAssetsError(f"the hub refused with status {status}", where=where, remedy=remedy)
    if isinstance(error, errors.HFValidationError):
        return SgAssetsError("not a repository name", where=repo, why=_line(error), remedy="Write it as owner/name")
    return _unreachable(error.__cause__ or error, repo, revision)


def _unreachable(error: BaseException, repo: str, revision: str) -> SgAssetsError:
    return SgAssetsError(
        "the hub did not deliver the files",
        where=f"{repo}@{revision}",
        why=_line(error),
        remedy="Check the connection (and HF_HUB_OFFLINE, HF_ENDPOINT), then run the step again",
    )


def _line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
