"""Dockerfile, compose.yaml and the systemd units: what can be held without Docker."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main as bot_main
from nst_engine.cli import main as engine_main
from tests import plain_yaml

PROJECT = Path(__file__).resolve().parent.parent
DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: Any = plain_yaml.read((PROJECT / "compose.yaml").read_text(encoding="utf-8"))
UNITS = sorted((PROJECT / "deploy").glob("*.service"))
SERVICES = ("bot", "engine")


def instructions(text: str) -> list[tuple[str, str]]:
    """Of a Dockerfile: each instruction and what follows it, lines joined."""
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in joined.splitlines() if line.strip()]


def stage(name: str) -> list[tuple[str, str]]:
    """The instructions of one stage."""
    found: list[tuple[str, str]] = []
    for word, rest in instructions(DOCKERFILE):
        if word == "FROM" and found:
            return found
        if found or (word == "FROM" and rest.endswith(f" AS {name}")):
            found.append((word, rest))
    return found


def words_of(instruction: str, of: list[tuple[str, str]]) -> list[str]:
    return [rest for word, rest in of if word == instruction]


class TestDockerfile:
    def test_the_base_image_is_pinned_by_version_and_digest(self) -> None:
        (image,) = re.findall(r"^ARG PYTHON_IMAGE=(\S+)$", DOCKERFILE, re.MULTILINE)
        assert re.fullmatch(r"python:3\.\d+\.\d+-slim-[a-z]+@sha256:[0-9a-f]{64}", image)

    def test_its_stages_build_on_one_another(self) -> None:
        assert words_of("FROM", instructions(DOCKERFILE)) == ["${PYTHON_IMAGE} AS base", "base AS bot", "bot AS engine"]

    @pytest.mark.parametrize("name", ["bot", "engine"])
    def test_each_image_ends_as_a_user_without_rights_and_has_a_health_check(self, name: str) -> None:
        assert words_of("USER", stage(name))[-1] == "stylize"
        assert len(words_of("HEALTHCHECK", stage(name))) == 1
        assert words_of("CMD", stage(name))
        assert words_of("ENTRYPOINT", stage(name))

    @pytest.mark.parametrize("name", ["base", "bot", "engine"])
    def test_it_is_installed_from_the_locks_with_hashes_and_from_nowhere_else(self, name: str) -> None:
        for run in words_of("RUN", stage(name)):
            assert "pip install" not in run or run.startswith("pip install --no-deps --require-hashes -r ")
            assert not re.search(r"curl|wget|sudo|chmod 777", run)
            debian = re.search(r"apt-get install --yes --no-install-recommends (.*?) &&", run)
            assert ("apt-get" in run) is (debian is not None)
            assert all(package.startswith("fonts-") for package in (debian[1].split() if debian else []))

    def test_everything_it_copies_is_let_through_and_nothing_else(self) -> None:
        copied = {rest.split()[0].removeprefix("./") for rest in words_of("COPY", instructions(DOCKERFILE))}
        ignore = (PROJECT / ".dockerignore").read_text(encoding="utf-8").split()
        assert ignore[0] == "*"
        assert copied == {line[1:] for line in ignore if line.startswith("!")}
        assert all((PROJECT / path).exists() for path in copied)

    def test_commands_are_lists_so_that_signals_reach_python(self) -> None:
        for word in ("CMD", "ENTRYPOINT"):
            assert all(rest.startswith("[") for rest in words_of(word, instructions(DOCKERFILE)))

    def test_no_secret_is_built_in(self) -> None:
        assert "TOKEN" not in DOCKERFILE


class TestCompose:
    def test_it_has_what_compose_asks_for(self) -> None:
        assert set(COMPOSE) == {"name", "services", "volumes"}
        assert set(COMPOSE["services"]) == set(SERVICES)
        for name, service in COMPOSE["services"].items():
            assert service["build"] == {"context": ".", "target": name}
            assert f" AS {name}\n" in DOCKERFILE

    @pytest.mark.parametrize("name", SERVICES)
    def test_both_share_the_data_in_a_named_volume(self, name: str) -> None:
        volumes = {volume["target"]: volume for volume in COMPOSE["services"][name]["volumes"]}
        data = volumes["/srv/stylize/data"]
        assert (data["type"], data["source"]) == ("volume", "data")
        assert data["source"] in COMPOSE["volumes"]
        config = volumes["/srv/stylize/config.toml"]
        assert config["read_only"] is True
        assert config["bind"] == {"create_host_path": False}, "Docker would make a folder of that name"
        assert f"VOLUME {data['target']}" in DOCKERFILE

    def test_the_token_comes_from_a_file_and_goes_to_the_bot_alone(self) -> None:
        assert COMPOSE["services"]["bot"]["env_file"] == [".env"]
        assert "env_file" not in COMPOSE["services"]["engine"]
        assert all("environment" not in service for service in COMPOSE["services"].values())
        ignored = (PROJECT / ".gitignore").read_text(encoding="utf-8").split()
        assert {".env", "/config.toml"} <= set(ignored)

    @pytest.mark.parametrize("name", SERVICES)
    def test_each_is_shut_in_and_listens_to_nobody(self, name: str) -> None:
        service = COMPOSE["services"][name]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["read_only"] is True
        assert not {"ports", "expose", "privileged", "user", "cap_add", "devices"} & set(service)
        assert service["restart"] == "unless-stopped"

    def test_the_engine_has_no_network(self) -> None:
        assert COMPOSE["services"]["engine"]["network_mode"] == "none"

    @pytest.mark.parametrize("name", SERVICES)
    def test_the_health_checks_are_commands_that_there_are(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        check = COMPOSE["services"][name]["healthcheck"]
        assert check["test"][:3] == ["CMD", "python", "-m"]
        module, command = check["test"][3:5]
        with pytest.raises(SystemExit) as ended:
            {"bot": bot_main, "nst_engine": engine_main}[module]([command, "--help"])
        assert ended.value.code == 0
        assert "--config" in capsys.readouterr().out
        assert {"interval", "timeout", "start_period", "retries"} <= set(check)


class TestUnits:
    def test_there_is_one_for_the_bot_and_one_for_an_engine(self) -> None:
        assert [unit.name for unit in UNITS] == ["stylize-bot.service", "stylize-engine.service"]

    @pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
    def test_each_is_shut_in_and_gives_up_on_bad_settings_alone(self, unit: Path) -> None:
        settings = settings_of(unit)
        assert settings["User"] == "stylize"
        assert (settings["NoNewPrivileges"], settings["ProtectSystem"], settings["ProtectHome"]) == (
            "yes",
            "strict",
            "yes",
        )
        assert settings["CapabilityBoundingSet"] == ""
        assert settings["UMask"] == "0077"
        assert (settings["Restart"], settings["RestartPreventExitStatus"]) == ("always", "2")

    def test_only_the_bot_gets_the_token(self) -> None:
        bot, engine = map(settings_of, UNITS)
        assert bot["EnvironmentFile"] == "/etc/stylize-bot/token.env"
        assert "EnvironmentFile" not in engine
        assert (engine["PrivateNetwork"], engine["RestrictAddressFamilies"]) == ("yes", "AF_UNIX")

    @pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
    @pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
    def test_systemd_understands_every_line(self, unit: Path, tmp_path: Path) -> None:
        here = tmp_path / unit.name
        text = unit.read_text(encoding="utf-8").replace("/opt/stylize-bot/.venv/bin/python", sys.executable)
        here.write_text(text, encoding="utf-8")
        verify = ["systemd-analyze", "verify", str(here)]
        done = subprocess.run(verify, capture_output=True, text=True, check=False, timeout=60)
        assert unit.name not in done.stdout + done.stderr, "other units of the machine may have faults of their own"


def settings_of(unit: Path) -> dict[str, str]:
    lines = unit.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


@pytest.mark.parametrize("text", ["a: &x 1", "a: |\n  text", "a: 1\na: 2", "a:\n  - b\n c: 1", "\ta: 1", "a: {b: 1}"])
def test_what_is_not_plain_yaml_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        plain_yaml.read(text)
