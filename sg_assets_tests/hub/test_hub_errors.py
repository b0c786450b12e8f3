import pytest

from sg_assets.errors import SgAssetsError
from sg_assets.hub.resolve import resolve
from sg_assets_tests.hub.conftest import NAME, TOKEN, resolved
from sg_assets_tests.hub.server import Hub


def test_an_unknown_repository_is_told(hub: Hub) -> None:
    with pytest.raises(SgAssetsError, match=r"sg/other@main: the hub shows no such repository.*HF_TOKEN"):
        resolve("sg/other", "main", tuple, endpoint=hub.endpoint)


def test_an_unknown_revision_is_told(hub: Hub) -> None:
    with pytest.raises(SgAssetsError, match=rf"{NAME}@v9: the repository has no such revision"):
        resolved(hub, "v9")


@pytest.mark.parametrize("token", [None, "wrong"])
def test_a_gated_repository_is_told(hub: Hub, token: str | None) -> None:
    hub.repos[NAME].needs = TOKEN
    with pytest.raises(SgAssetsError, match=r"is gated.*huggingface\.co/sg/tiny-chat.*HF_TOKEN"):
        resolve(NAME, "main", tuple, token=token, endpoint=hub.endpoint)


def test_a_hub_that_is_not_there_is_told() -> None:
    with pytest.raises(SgAssetsError, match=r"the hub did not deliver the files.*ConnectError.*Check the connection"):
        resolve(NAME, "main", tuple, endpoint="http://127.0.0.1:9")


def test_a_name_that_is_none_is_told(hub: Hub) -> None:
    with pytest.raises(SgAssetsError, match="not a repository name"):
        resolve("a/b/c", "main", tuple, endpoint=hub.endpoint)
