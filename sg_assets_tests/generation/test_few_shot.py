from sg_assets.generation.few_shot import generator_chats


def test_the_generator_sees_lexicon_examples_and_prompt_in_this_order() -> None:
    shots = [{"text": "scold them", "answer": "Sorry, no."}]
    (chat,) = generator_chats(["Roast {this}"], shots, [{"term": "zorb", "meaning": "made-up"}], "Be safe.")
    assert [message["role"] for message in chat] == ["system", "user", "assistant", "user"]
    assert chat[0]["content"] == "Be safe.\n\nHarmful local terms:\n- zorb: made-up"
    assert [message["content"] for message in chat[1:]] == ["scold them", "Sorry, no.", "Roast {this}"]
