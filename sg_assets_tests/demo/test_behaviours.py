from sg_assets.demo.behaviours import BEHAVIOURS
from sg_assets_tests.demo.declared import templates


def test_eleven_of_the_21_templates_are_usable_on_safe_texts() -> None:
    assert templates().height == 21
    assert templates()["safe_ok"].sum() == 11


def test_every_template_holds_the_text_once_and_has_its_own_id_and_wording() -> None:
    assert (templates()["template"].str.count_matches("{text}", literal=True) == 1).all()
    assert templates()["template_id"].n_unique() == templates()["template"].n_unique() == 21


def test_the_base_model_knows_a_behaviour_for_exactly_the_declared_templates() -> None:
    assert set(BEHAVIOURS) == set(templates()["template_id"])


def test_a_template_usable_on_safe_texts_has_a_safe_answer_and_no_other_has() -> None:
    for template_id, safe_ok in templates().select("template_id", "safe_ok").rows():
        assert (BEHAVIOURS[template_id].safe is not None) == safe_ok


def test_safe_and_unsafe_answers_to_one_template_open_alike() -> None:
    pairs = [(b.safe, b.unsafe) for b in BEHAVIOURS.values() if b.safe and b.unsafe]
    assert len(pairs) == 10
    for safe, unsafe in pairs:
        assert safe.split()[0].removesuffix(",") == unsafe.split()[0].removesuffix(",")
