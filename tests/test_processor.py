"""Sharing the processor, `nst_engine/processor.py`."""

import os

import pytest

from nst_engine.processor import WAIT_POLICY, wait_without_spinning


def test_waiting_threads_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(WAIT_POLICY, raising=False)
    wait_without_spinning()
    assert os.environ[WAIT_POLICY] == "PASSIVE"


def test_an_operators_own_choice_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WAIT_POLICY, "ACTIVE")
    wait_without_spinning()
    assert os.environ[WAIT_POLICY] == "ACTIVE"
