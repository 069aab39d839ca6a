"""`make audit`: whether any pinned package has a known vulnerability, as pip-audit knows it.

What could not be asked about is said, and is no failure: the advisories come over the network, and a vulnerability that
nobody could look up is not one that was found.
"""

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

PROJECT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements-bot.lock", "requirements-engine.lock", "requirements.lock")
SECONDS_FOR_A_LOCK = 100.0
EXIT_CLEAN = 0
EXIT_VULNERABLE = 1

Ask = Callable[[str], str]
"""What pip-audit says about a lock file on its stdout; empty where it could not be run."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Vulnerability(_Part):
    id: str
    fix_versions: tuple[str, ...] = ()


class Package(_Part):
    name: str
    version: str = ""
    skip_reason: str | None = None
    vulns: tuple[Vulnerability, ...] = ()


class Answer(_Part):
    dependencies: tuple[Package, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """About one lock file."""

    line: str
    is_clean: bool = True


def audit(locks: Sequence[str], ask: Ask) -> list[Verdict]:
    return [verdict(lock, ask(lock)) for lock in locks]


def verdict(lock: str, said: str) -> Verdict:
    try:
        packages = Answer.model_validate_json(said).dependencies
    except ValidationError:
        return Verdict(line=f"{lock}: NOT AUDITED, the advisories cannot be reached from here")
    bad = [package for package in packages if package.vulns]
    unasked = sum(package.skip_reason is not None for package in packages)
    if bad:
        return Verdict(line=f"{lock}: vulnerable: {', '.join(map(_described, bad))}", is_clean=False)
    if unasked:
        return Verdict(line=f"{lock}: {len(packages) - unasked} packages have none known, {unasked} NOT AUDITED")
    return Verdict(line=f"{lock}: {len(packages)} packages, no known vulnerability")


def _described(package: Package) -> str:
    found = [f"{one.id} (fixed in {', '.join(one.fix_versions) or 'no version yet'})" for one in package.vulns]
    return f"{package.name} {package.version}: {', '.join(found)}"


def ask_pip_audit(program: str, lock: str) -> str:
    """With the pip-audit that `make audit` installs beside the project."""
    options = ("--disable-pip", "--progress-spinner", "off", "--format", "json", "--requirement", str(PROJECT / lock))
    try:
        done = subprocess.run(
            (program, *options),
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS_FOR_A_LOCK,
        )
    except (subprocess.TimeoutExpired, OSError):
        return ""
    return done.stdout if done.stdout.startswith("{") else ""


def main() -> int:
    _, program = sys.argv
    found = audit(LOCKS, partial(ask_pip_audit, program))
    for one in found:
        print(one.line, flush=True)
    return EXIT_CLEAN if all(one.is_clean for one in found) else EXIT_VULNERABLE


if __name__ == "__main__":
    sys.exit(main())
