"""Sensors raise alerts as `sg-assets run` does, and run only where they are of use."""

import dagster as dg
import pytest

from sg_assets.definitions import build_definitions
from sg_assets_tests.orchestration.monitored_project import ALL, OPENED, MonitoredProject

pytestmark = pytest.mark.slow


def test_the_sensor_does_the_same(monitored: MonitoredProject) -> None:
    monitored.lengthen()
    monitored.run(*ALL)
    defined = build_definitions(monitored.project)
    sensor = defined.resolve_sensor_def("alerts")
    assert sensor.default_status is dg.DefaultSensorStatus.RUNNING
    with dg.build_sensor_context(monitored.instance, definitions=defined) as context:
        skipped = sensor.evaluate_tick(context).skip_message
    assert skipped == "2 notices delivered, 0 failed, 0 held back"
    assert monitored.titles == [OPENED]


def test_without_routes_the_sensor_does_not_run(monitored: MonitoredProject) -> None:
    (monitored.root / "models/alerts.yaml").unlink()
    sensor = build_definitions(monitored.project).resolve_sensor_def("alerts")
    assert sensor.default_status is dg.DefaultSensorStatus.STOPPED


def test_generated_comments_have_no_source_outside(monitored: MonitoredProject) -> None:
    names = [
        sensor.name
        for sensor in build_definitions(monitored.project).sensors or []
        if isinstance(sensor, dg.SensorDefinition)
    ]
    assert "alerts" in names
    assert "sources" not in names
