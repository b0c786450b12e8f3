"""Chats that ask a model for its own answer."""

from sg_assets.generation.chats import user_chats


def test_each_prompt_is_a_chat_of_its_own_said_by_the_user() -> None:
    assert user_chats(["a", "b"]) == [[{"role": "user", "content": "a"}], [{"role": "user", "content": "b"}]]
