from sg_assets.reports.render.panels import Mark, Panel, PanelFigure, panels_figure, panels_picture

RATE = Panel(
    "Toxicity", "% of prompts",
    (Mark("base", "none", 50.5, 44.5, 56.5, published=48.0), Mark("sft", "sft", 9.8, remark="other judge")),
)  # fmt: skip
CHANGE = Panel("Skills", "% of base's score", (Mark("sft", "sft", -2.94), Mark("kto", "kto", 0.04)), zero=True)
LIKENESS = Panel("Likeness", "cosine", (Mark("kto", "kto", 0.915, 0.2, 1.0, (0.8, 1.0), (0.9, 0.93)),), digits=2)
FIGURE = PanelFigure("one", "One", "", ("base", "sft", "kto"), (RATE, CHANGE, LIKENESS))


def test_same_values_give_the_same_bytes() -> None:
    assert panels_figure(FIGURE) == panels_figure(FIGURE)
    assert panels_picture(FIGURE).startswith(b"\x89PNG")


def test_every_panel_is_titled_and_every_number_written_with_its_digits() -> None:
    text = panels_figure(FIGURE).decode()
    for shown in ("Toxicity", "Skills", "Likeness", "% of prompts", "50.5", "9.8", "\u22122.9", "0.92"):
        assert f">{shown}<" in text


def test_a_change_that_rounds_to_nothing_has_no_sign() -> None:
    text = panels_figure(PanelFigure("one", "One", "", ("kto",), (CHANGE,))).decode()
    assert ">0.0<" in text
    assert ">+0.0<" not in text


def test_a_variant_without_a_number_is_said_to_have_none() -> None:
    assert panels_figure(PanelFigure("one", "One", "", ("base", "kto"), (RATE,))).decode().count(">not there<") == 1


def test_what_was_published_and_other_runs_are_drawn() -> None:
    def bare(mark: Mark) -> bytes:
        return panels_figure(PanelFigure("one", "One", "", (mark.name,), (Panel("T", "u", (mark,)),)))

    plain = bare(Mark("base", "none", 50.0))
    assert bare(Mark("base", "none", 50.0, published=49.0)) != plain
    assert bare(Mark("base", "none", 50.0, runs=(49.0, 51.0))) != plain
