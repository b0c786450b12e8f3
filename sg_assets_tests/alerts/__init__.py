"""Tests of incidents and notices."""
