"""What docs/security.md claims and no other test holds: what the code opens, runs, logs, listens to and asks for."""

import ast
import io
import logging
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import discord
import pytest

from bot.config import DiscordSettings
from bot.jobs.child_process import start_module
from bot.jobs.picture_child import SECONDS_FOR_A_PICTURE, heard
from bot.log_lines import DiscreetFormatter, without_secrets
from bot.ui.checkup import PERMISSIONS
from bot.ui.client import StylizeClient
from nst_engine.contract.jobs import JobState
from nst_engine.errors import BadPicture
from nst_engine.picture_check import CPU_LIMIT_SECONDS
from tests import bot_world
from tests.agent_rig import open_queue
from tests.bot_world import until
from tests.elsewhere import Elsewhere, ask
from tests.fake_engine import FakeEngine, picture
from tests.loopback_discord import LoopbackDiscord, Upload
from tests.test_bot_app import opened, running
from tests.test_bot_delivery import all_delivered
from tests.test_serve import serving

PROJECT = Path(__file__).resolve().parent.parent
SOURCES = {
    path.relative_to(PROJECT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for package in ("bot", "nst_engine")
    for path in sorted((PROJECT / package).rglob("*.py"))
}
OPERATORS = ("bot/__main__.py", "bot/app.py", "bot/backup.py", "bot/doctor", "bot/paintings/", "bot/jobs/only_one.py")
"""Files that open what the operator names, and never what a member does."""
IN_MEMORY = ("Image.open(io.BytesIO(", "Path(__file__)", "self._threads.open(")
"""Calls of that name that open pixels we have, our own folder, or a thread on Discord."""
OUR_OWN = {"bot/challenges/fonts.py", "bot/ui/words.py"}
"""The system's fonts and the project's translations, by names that stand in the code."""
SQLALCHEMYS = "event.listen"
WITHIN = 20.0
LISTENING = "0A"
"""The state of a socket in /proc/net/tcp."""


@cache
def calls(path: str) -> list[tuple[str, ast.Call]]:
    """Every call in a file, with its name as it is written."""
    return [(ast.unparse(node.func), node) for node in ast.walk(SOURCES[path]) if isinstance(node, ast.Call)]


def who_calls(claim: Callable[[str, ast.Call], bool]) -> list[str]:
    """The source files with such a call."""
    return [path for path in SOURCES if any(claim(name, call) for name, call in calls(path))]


def imports(path: str) -> set[str]:
    """The first parts of the names of all modules that a file imports."""
    found: set[str] = set()
    for node in ast.walk(SOURCES[path]):
        match node:
            case ast.Import():
                found |= {alias.name.split(".")[0] for alias in node.names}
            case ast.ImportFrom(module=str(module)):
                found.add(module.split(".")[0])
    return found


class TestCode:
    def test_nothing_is_run_that_came_as_data(self) -> None:
        assert who_calls(lambda name, _: name in {"eval", "exec", "__import__", "compile"}) == []
        assert [path for path in SOURCES if imports(path) & {"pickle", "marshal", "shelve", "dill", "joblib"}] == []

    def test_no_command_goes_through_a_shell(self) -> None:
        assert who_calls(lambda name, _: name.endswith(("os.system", "popen", "subprocess_shell", "getoutput"))) == []
        assert who_calls(lambda _, call: any(word.arg == "shell" for word in call.keywords)) == []

    def test_weights_are_read_as_data_alone(self) -> None:
        loading = who_calls(lambda name, _: name == "torch.load")
        unsafe = who_calls(lambda name, call: name == "torch.load" and "weights_only=True" not in ast.unparse(call))
        assert (loading, unsafe) == (["nst_engine/weights.py"], [])

    def test_sql_is_never_put_together_from_text(self) -> None:
        def is_put_together(name: str, call: ast.Call) -> bool:
            is_sql = name in {"text", "sa.text"} or name.endswith("exec_driver_sql")
            return is_sql and any(isinstance(word, ast.JoinedStr | ast.BinOp) for word in call.args)

        found = who_calls(is_put_together)
        assert [path for path in found if imports(path) & {"sqlalchemy", "sqlite3"}] == []

    def test_the_bot_opens_no_file_but_the_operators(self) -> None:
        """A name, a path or an address that a member types cannot reach a call that would open it."""
        opening = re.compile(r"(?:^|\.)(?:open|Path|read_bytes|read_text|unlink|rmtree|FromFile|fromfile)$")
        found = who_calls(lambda name, _: bool(opening.search(name)))
        ours = [path for path in found if path.startswith("bot/") and not path.startswith(OPERATORS)]
        in_memory = {path for path in ours if _opens_only(path, IN_MEMORY)}
        assert sorted(set(ours) - in_memory - OUR_OWN) == []

    def test_one_file_fetches_by_address_and_it_asks_whose_the_address_is(self) -> None:
        speaking = [path for path in SOURCES if imports(path) & {"urllib", "requests", "httpx", "socket", "http"}]
        of_clients = who_calls(lambda name, _: name.endswith(("ClientSession", "urlopen", "create_connection")))
        assert of_clients == ["bot/jobs/download.py"]
        assert sorted(speaking) == ["bot/jobs/download.py", "nst_engine/agent/loop.py", "nst_engine/health.py"]
        assert {"allow_redirects=False"} == set(re.findall(r"allow_redirects=\w+", _text("bot/jobs/download.py")))

    def test_nothing_listens(self) -> None:
        listening = re.compile(r"(?:^|\.)(?:create_server|start_server|start_unix_server|TCPSite|run_app|bind|listen)$")
        assert who_calls(lambda name, _: bool(listening.search(name)) and name != SQLALCHEMYS) == []

    def test_hostile_pixels_are_decoded_in_children_only(self) -> None:
        """What else of the bot knows Pillow reads pictures that this project wrote: results, thumbnails, paintings."""
        knowing = [path for path in SOURCES if path.startswith("bot/") and "PIL" in imports(path)]
        ours = {"bot/jobs/encode.py", "bot/jobs/side_by_side.py", "bot/ui/contact_sheet.py", "bot/doctor.py"}
        drawn = ("bot/paintings/", "bot/challenges/")
        assert [path for path in knowing if path not in ours and not path.startswith(drawn)] == []


def _opens_only(path: str, starts: tuple[str, ...]) -> bool:
    opening = [ast.unparse(call) for name, call in calls(path) if re.search(r"(?:^|\.)(?:open|Path)$", name)]
    return bool(opening) and all(call.startswith(starts) for call in opening)


def _text(path: str) -> str:
    return (PROJECT / path).read_text(encoding="utf-8")


class TestRights:
    def test_the_bot_asks_for_what_the_readme_says_and_the_tests_run_with(self) -> None:
        (told,) = re.findall(r"asks for the permissions (.+?)\.\n", _text("README.md"), re.DOTALL)
        named = {name.strip().lower().replace(" ", "_") for name in re.split(r",|\band\b", told.replace("\n", " "))}
        named = {"view_channel" if name == "view_channels" else name for name in named}
        assert discord.Permissions(**dict.fromkeys(named, True)) == PERMISSIONS
        assert bot_world.PERMISSIONS == PERMISSIONS

    def test_it_asks_for_nothing_that_could_harm_a_server(self) -> None:
        harmless = discord.Permissions.text() | discord.Permissions(view_channel=True)
        assert harmless >= PERMISSIONS
        assert not PERMISSIONS.mention_everyone
        assert not PERMISSIONS.manage_messages

    def test_it_has_no_privileged_intent_and_mentions_nobody_by_itself(self) -> None:
        client = StylizeClient(DiscordSettings())
        assert {name for name, is_set in client.intents if is_set} == {"guilds", "expressions"}
        assert client.allowed_mentions is not None
        assert client.allowed_mentions.to_dict() == discord.AllowedMentions.none().to_dict()


class TestLog:
    @pytest.mark.parametrize(
        "line",
        [
            "POST https://discord.com/api/v10/webhooks/123/aW50ZXJhY3Rpb24tTOKEN?wait=true with {} has returned 200",
            "POST https://discord.com/api/v10/interactions/123/aW50ZXJhY3Rpb24tTOKEN/callback",
            "WebSocket Event: {'t': 'INTERACTION_CREATE', 'd': {'token': 'aW50ZXJhY3Rpb24tTOKEN', 'id': '1'}}",
            '{"token": "aW50ZXJhY3Rpb24tTOKEN"}',
            "headers {'Authorization': 'Bot aW50ZXJhY3Rpb24tTOKEN'}",
            "told of aW50ZXJhY3Rpb24tTOKEN",
        ],
    )
    def test_a_secret_leaves_every_line(self, line: str) -> None:
        told = without_secrets(line, ["aW50ZXJhY3Rpb24tTOKEN"] if line.startswith("told") else [])
        assert "TOKEN" not in told
        assert "[left out]" in told

    def test_a_traceback_is_a_line_as_any_other(self) -> None:
        fault = ValueError("GET /webhooks/1/s3cret-of-an-interaction, and s3cret")
        with log_of_everything(["s3cret"]) as log:
            logging.getLogger("bot").error("a fault", exc_info=fault)
        assert "s3cret" not in log.getvalue()
        assert "ValueError: GET /webhooks/1/[left out]" in log.getvalue()

    async def test_no_token_is_in_the_log_of_a_real_connection(self, stand_in: LoopbackDiscord, tmp_path: Path) -> None:
        """At "debug", which writes down every request and every event of the gateway."""
        with log_of_everything([stand_in.token]) as log:
            async with opened(tmp_path) as app, running(app, stand_in.token):
                await stand_in.until_connected(within=WITHIN)
                world = stand_in.world
                await world.until(lambda: "stylize" in world.commands, within=WITHIN, what="the command")
                upload = Upload(filename="cat.png", data=picture())
                asked = world.invoke_slash("stylize", {"content": upload, "style": upload})
                await world.until(lambda: world.threads, within=WITHIN, what="a thread")
                engine = FakeEngine(app.database, app.blobs)
                await engine.finish(await engine.claim())
                await until(lambda: any("stylized-" in f.filename for m in world.messages() for f in m.files))
        said = log.getvalue()
        assert "INTERACTION_CREATE" in said, "the library wrote its events down"
        assert "/interactions/" in said
        assert stand_in.token not in said
        assert asked.token not in said

    async def test_the_webhook_of_a_request_from_a_group_is_in_no_log(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with log_of_everything([]) as log:
            async with bot_world.bot_world(tmp_path) as world:
                bob = world.env.create_user("bob")
                group = Elsewhere(monkeypatch).group(world, bob, world.env.create_user("eve"))
                await ask(world, bob, group)
                (job,) = await world.app.store.open_jobs()
                assert job.address is not None
                token = job.address["webhook"]["token"]
                await world.engine.finish(await world.engine.claim())
                await all_delivered(world)
        assert f"job={job.id}" in log.getvalue()
        assert token not in log.getvalue()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hold a process to its limits")
class TestDecodingChild:
    def test_a_file_that_takes_too_long_ends_the_child_and_is_blamed(self) -> None:
        code = (
            "from nst_engine import picture_check; picture_check.CPU_LIMIT_SECONDS = 1\n"
            "picture_check.limit_resources()\nwhile True: pass"
        )
        done = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)
        assert done.returncode == -signal.SIGXCPU
        with pytest.raises(BadPicture, match="too much time or memory"):
            heard(done.returncode, b"", b"", role="content")

    def test_it_gives_up_by_itself_before_the_bot_gives_up_on_it(self) -> None:
        assert CPU_LIMIT_SECONDS < SECONDS_FOR_A_PICTURE

    async def test_it_does_not_get_the_token(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DISCORD_TOKEN", "s3cret")
        child = await start_module("nst_engine", "check-picture")
        try:
            environment = Path(f"/proc/{child.pid}/environ").read_bytes()
        finally:
            child.kill()
            await child.communicate()
        assert b"PATH=" in environment
        assert b"s3cret" not in environment


@contextmanager
def log_of_everything(secrets: list[str]) -> Iterator[io.StringIO]:
    """The log as the bot writes it, at its most talkative."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(DiscreetFormatter(secrets))
    root, library = logging.getLogger(), logging.getLogger("discord")
    before = (root.level, library.level)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    library.setLevel(logging.NOTSET)  # another test may have run the program, which quietens it
    try:
        yield written
    finally:
        root.removeHandler(handler)
        root.setLevel(before[0])
        library.setLevel(before[1])


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_an_engine_at_work_listens_to_nobody(tmp_path: Path) -> None:
    async with open_queue(tmp_path) as queue, serving(tmp_path, {"a": ["gate"]}) as process:
        await queue.submit("a")
        await queue.until_state(JobState.RUNNING, "a")
        assert listening_sockets(process.pid) == []


def listening_sockets(pid: int) -> list[str]:
    """The lines of /proc/net/tcp that are this process's own and wait for connections."""
    links = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]
    own = {link.removeprefix("socket:[").removesuffix("]") for link in links if link.startswith("socket:")}
    lines = [
        line.split() for kind in ("tcp", "tcp6") for line in Path(f"/proc/net/{kind}").read_text().splitlines()[1:]
    ]
    return [" ".join(words) for words in lines if words[3] == LISTENING and words[9] in own]


def test_every_test_that_the_threat_model_names_is_there() -> None:
    named = re.findall(r"`(tests/\w+\.py)(?:::(\w+))?`", _text("docs/security.md"))
    assert len(named) > 20
    for path, name in named:
        assert (PROJECT / path).is_file(), path
        assert not name or re.search(rf"(?:def|class) {name}\b", _text(path)), f"{path}::{name}"


def test_every_line_of_the_log_that_the_operators_guide_explains_is_written_somewhere() -> None:
    chapter = _text("docs/operate.md").split("## Logs")[1].split("## ")[0]
    code = "\n".join(_text(path) for path in SOURCES)
    for cell in re.findall(r"^\| (`.+?) \|", chapter, re.MULTILINE):
        for line in re.findall(r"`([^`]+)`", cell):
            parts = [part.strip(" =") for part in line.split("…")]
            assert all(part in code for part in parts), line
