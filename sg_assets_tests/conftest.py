"""Shared by all tests."""

from sg_assets.teardown import quiet_teardown

quiet_teardown()
