from sg_assets.generation.protocol import request_key
from sg_assets_tests.generation.engines import IDENTITY

CHAT = [{"role": "user", "content": "hi"}]


def test_equal_requests_have_one_key() -> None:
    reordered = [{"content": "hi", "role": "user"}]
    assert request_key({"a": 1, "b": 2}, CHAT) == request_key({"b": 2, "a": 1}, reordered)


def test_all_that_decides_an_answer_is_in_the_key() -> None:
    system = [{"role": "system", "content": "be kind"}, *CHAT]
    keys = {
        request_key(IDENTITY, CHAT),
        request_key(IDENTITY | {"model": "m2"}, CHAT),
        request_key(IDENTITY, system),
        request_key(IDENTITY, list(reversed(system))),
        request_key(IDENTITY, CHAT, draw=1),
    }
    assert len(keys) == 5
