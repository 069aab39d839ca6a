"""Sharing the processor, `nst_engine/processor.py`."""

import os

import pytest

from nst_engine.processor import POLICY, wait_without_spinning


def test_waiting_threads_sleep_after_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in POLICY:
        monkeypatch.delenv(name, raising=False)
    wait_without_spinning()
    assert {name: os.environ[name] for name in POLICY} == POLICY


def test_an_operators_own_choice_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in POLICY:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    wait_without_spinning()
    assert os.environ["OMP_WAIT_POLICY"] == "ACTIVE"
    assert "GOMP_SPINCOUNT" not in os.environ
