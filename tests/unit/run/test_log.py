"""Logs carry names and numbers; never an exception's text, an object or a control character."""

from __future__ import annotations

import logging

import pytest

from pii_scan.run.log import configure, logger


@pytest.fixture(autouse=True)
def restored():
    """Logs go to the tests' own stderr again: the one captured in a test is closed after it."""
    yield
    configure()


def test_an_exception_is_logged_by_class(capsys):
    configure(2)
    try:
        int("canary-value")
    except ValueError as error:
        logger().error("parse", fault=error)
    told = capsys.readouterr().err
    assert "ValueError" in told
    assert "canary" not in told


def test_unknown_objects_and_controls_do_not_pass(capsys):
    configure(2)
    logger().info("dataset", urn="a\x1b[31m\nb", row={"email": "canary@example.com"}, rows=3)
    told = capsys.readouterr().err
    assert "\x1b" not in told
    assert "canary" not in told
    assert "rows 3" in told
    assert told.count("\n") == 1


def test_foreign_loggers_are_silent(capsys):
    configure(2)
    logging.getLogger("sqlalchemy.engine").error("INSERT canary@example.com")
    logging.getLogger("presidio-analyzer").warning("canary@example.com")
    streams = capsys.readouterr()
    assert "canary" not in streams.err + streams.out
