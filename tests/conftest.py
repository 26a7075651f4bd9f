"""What holds for every test."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None)  # no test is timed: a busy machine is no failure
settings.load_profile("house")


def without_a_loop(item):
    """Playwright keeps a loop going in this thread as long as its browser lives; other tests start their own."""
    going = None if "browser" in item.fixturenames else asyncio._get_running_loop()
    if going is not None:
        asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        if going is not None:
            asyncio._set_running_loop(going)


pytest_runtest_setup = pytest.hookimpl(wrapper=True)(without_a_loop)
pytest_runtest_call = pytest.hookimpl(wrapper=True)(without_a_loop)
