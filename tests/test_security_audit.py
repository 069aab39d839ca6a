"""What the dependency audit makes of what pip-audit says."""

import json
from collections.abc import Mapping

import pytest

from tests.audit import audit, verdict


def answer(*packages: Mapping[str, object]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


CLEAN = {"name": "pydantic", "version": "2.14.3", "vulns": []}
SKIPPED = {"name": "idna", "skip_reason": "Dependency not found on PyPI and could not be audited: idna (3.20)"}
BAD = {
    "name": "pillow",
    "version": "1.0",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"], "aliases": [], "description": "…"}],
}


def test_a_known_vulnerability_is_named_with_the_version_that_mends_it() -> None:
    found = verdict("a.lock", answer(CLEAN, BAD))
    assert not found.is_clean
    assert found.line == "a.lock: vulnerable: pillow 1.0: PYSEC-1 (fixed in 1.1)"


def test_all_clean_is_said_with_the_number() -> None:
    found = verdict("a.lock", answer(CLEAN))
    assert (found.is_clean, found.line) == (True, "a.lock: 1 packages, no known vulnerability")


@pytest.mark.parametrize("said", ["", "Traceback (most recent call last)", "{}"])
def test_no_answer_fails_nothing_and_is_said(said: str) -> None:
    found = verdict("a.lock", said)
    assert found.is_clean
    assert "NOT AUDITED" in found.line


def test_packages_that_could_not_be_looked_up_are_counted() -> None:
    found = verdict("a.lock", answer(CLEAN, SKIPPED))
    assert found.is_clean
    assert found.line == "a.lock: 1 packages have none known, 1 NOT AUDITED"


def test_every_lock_is_asked_about() -> None:
    assert [one.is_clean for one in audit(["a", "b"], lambda lock: answer(BAD) if lock == "b" else "")] == [True, False]
