from dataclasses import replace
from pathlib import Path

from sg_assets.reports.report_files import read_report, write_report
from sg_assets_tests.reports.samples import HELD, SKILLS, VARIANTS, report

ALL = {note.variant for note in VARIANTS}


def test_a_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_report(report(), tmp_path)
    assert read_report(tmp_path, ALL) == replace(
        report(),
        skills={name: tuple(changes) for name, changes in SKILLS.items()},
        objectives={name: tuple(changes) for name, changes in HELD.items()},
    )


def test_a_variant_whose_declaration_is_gone_is_not_shown(tmp_path: Path) -> None:
    write_report(report(), tmp_path)
    kept = read_report(tmp_path, ALL - {"sft_r128"})
    assert [row.variant for row in kept.results.rows] == ["base", "sft_kto", "sft_dpo"]
    assert (list(kept.gains), list(kept.answers), set(kept.costs)) == ([], [], {"base"})
    assert (kept.figures[0].variants, list(kept.further)) == (("base",), [])
