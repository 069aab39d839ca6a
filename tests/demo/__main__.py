"""`python -m tests.demo`: a member runs /stylize in a simulated server, and whoever watches may do so too."""

import argparse
import asyncio
import contextlib
import io
import logging
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Never

import discord
import simcord
from PIL import Image

from bot.app import App, Parts, open_app
from bot.config import BotConfig
from nst_engine.contract.settings import load_config
from nst_engine.errors import EngineError
from tests.demo.samples import BadDemo, Upload, content_upload, style_upload
from tests.demo.transcript import Transcript
from tests.fake_cdn import FakeCdn

SECONDS_BETWEEN_LOOKS = 0.1
SECONDS_BETWEEN_REFRESHES = 1.0
SECONDS_FOR_THE_ENGINE = 180.0
SECONDS_FOR_ONE_PICTURE = 900.0


@dataclass(frozen=True, slots=True)
class Studio:
    """The simulated server, as the demo needs it."""

    app: App
    env: simcord.Env
    channel: simcord.ChannelHandle
    member: simcord.MemberActor


def main() -> int:
    """Run the demo; 0 when the picture was painted, 1 when it was not, 2 for bad arguments."""
    arguments = _arguments()
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    try:
        content, style = content_upload(arguments.content), style_upload(arguments.style)
        return asyncio.run(_demo(arguments, content, style))
    except TimeoutError:
        print("demo: this took too long; what the engine said about it is above", file=sys.stderr)
        return 1
    except (BadDemo, EngineError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo ARGS=...", description=__doc__)
    parser.add_argument("--once", action="store_true", help="paint one picture, write it to --out, and exit")
    parser.add_argument(
        "--out", type=Path, default=Path("out"), metavar="DIR", help="where result.png and transcript.txt go"
    )
    parser.add_argument("--content", type=Path, metavar="F", help="a photograph (a cat if none is given)")
    parser.add_argument(
        "--style", type=Path, metavar="F", help="a painting (one of the project's own if none is given)"
    )
    parser.add_argument("--size", type=int, default=256, metavar="N", help="longer side of the result in pixels")
    parser.add_argument("--port", type=int, metavar="P", help="port of the preview page")
    return parser.parse_args()


async def _demo(arguments: argparse.Namespace, content: Upload, style: Upload) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with tempfile.TemporaryDirectory(prefix="stylize-demo-") as folder:
        async with _open_studio(Path(folder)) as studio:
            transcript = Transcript(studio.channel, studio.member)
            async with _keep_looking(transcript) as arrivals:
                await _engine_is_ready(studio, transcript, stop)
                await _invoke(studio, transcript, content, style, arguments.size)
                async with _preview(studio, transcript, stop, arguments.port):
                    painted = await _result(studio, arrivals, stop)
                    if painted is not None:
                        _save(painted, arguments.out, transcript)
                    if not arguments.once and not stop.is_set():
                        print("\nStill serving the page above. Ctrl-C ends the demo.\n", flush=True)
                        await stop.wait()
    return 0 if painted is not None else 1


@contextlib.asynccontextmanager
async def _open_studio(folder: Path) -> AsyncIterator[Studio]:
    """The real bot with a real engine process, in a simulated server with one member."""
    config_path = folder / "config.toml"
    config_path.write_text("[engine]\nspawn = true\n")
    config = load_config(config_path, BotConfig)
    cdn = FakeCdn()
    async with (
        open_app(config, config_path=config_path, parts=Parts(download=cdn)) as app,
        simcord.run(app.client, check_errors=False) as env,
    ):
        cdn.env = env
        guild = env.create_guild("Painters")
        channel = guild.create_text_channel("studio")
        yield Studio(app, env, channel, guild.add_member(env.create_user("ann")))


async def _engine_is_ready(studio: Studio, transcript: Transcript, stop: asyncio.Event) -> None:
    """The bot would take commands at once and say that they wait; a demo shows more when the engine is there."""
    transcript.say("demo", "waits until the engine has loaded its network")
    async with asyncio.timeout(SECONDS_FOR_THE_ENGINE):
        while not (engines := await studio.app.store.engines()) and not stop.is_set():
            await _pause(stop)
    for engine in engines:
        transcript.say("engine", f"is ready on {engine.device}")


async def _invoke(studio: Studio, transcript: Transcript, content: Upload, style: Upload, size: int) -> None:
    transcript.say(studio.member.name, f"types /stylize content:{content.name} style:{style.name} size:{size}")
    files = {"content": (content.name, content.data), "style": (style.name, style.data)}
    try:
        answer = await studio.member.slash(studio.channel, "stylize", **files, size=size)
    except simcord.OptionError as error:
        raise BadDemo(str(error)) from error
    private = [message for message in (answer.response, *answer.followups) if message is not None and message.ephemeral]
    if private:
        raise BadDemo(f"the bot refuses: {private[0].content}")


@contextlib.asynccontextmanager
async def _preview(
    studio: Studio, transcript: Transcript, stop: asyncio.Event, port: int | None
) -> AsyncIterator[None]:
    """A page that shows the thread of the first picture. The page cannot walk from a channel into its threads; in the
    thread, the bot answers in place, so whoever watches sees their own picture being painted there too.
    """
    while not studio.channel.threads and await studio.app.store.open_jobs() and not stop.is_set():
        await _pause(stop)
    place = studio.channel.threads[0] if studio.channel.threads else studio.channel
    async with studio.env.preview(place, viewers=[studio.member], layout="channel", port=port) as preview:
        print(f"\nWatch, and run /stylize with your own pictures, at\n\n    {preview.url}\n", flush=True)
        async with _beside(_refresh(preview, transcript)):
            yield


@contextlib.asynccontextmanager
async def _keep_looking(transcript: Transcript) -> AsyncIterator[asyncio.Queue[discord.Message]]:
    """Print what happens while it happens. Yields the messages as they come."""
    arrivals: asyncio.Queue[discord.Message] = asyncio.Queue()
    async with _beside(_look(transcript, arrivals)):
        yield arrivals


@contextlib.asynccontextmanager
async def _beside(work: Coroutine[None, None, Never]) -> AsyncIterator[None]:
    """Do `work` while the body runs."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _look(transcript: Transcript, arrivals: asyncio.Queue[discord.Message]) -> Never:
    while True:
        with contextlib.suppress(simcord.SetupError):  # the simulation is in the middle of something
            for message in transcript.look():
                arrivals.put_nowait(message)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def _refresh(preview: simcord.Preview, transcript: Transcript) -> Never:
    """At every change at once: the page cannot show a file that an edit has replaced meanwhile."""
    while True:
        with contextlib.suppress(simcord.SetupError):  # somebody is typing a command at this very moment
            await preview.refresh()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SECONDS_BETWEEN_REFRESHES):
                await transcript.changed.wait()
        transcript.changed.clear()


async def _result(studio: Studio, arrivals: asyncio.Queue[discord.Message], stop: asyncio.Event) -> Image.Image | None:
    """The finished picture, once the bot has had its last word; None where that was not a picture, or on a stop."""
    picture = None
    async with asyncio.timeout(SECONDS_FOR_ONE_PICTURE):
        has_last_word = False
        while not has_last_word and not stop.is_set():
            has_last_word = not await studio.app.store.open_jobs()
            await _pause(stop)
            while not arrivals.empty():
                for attachment in arrivals.get_nowait().attachments:
                    if attachment.filename.startswith("stylized-"):
                        picture = Image.open(io.BytesIO(await attachment.read()))
    return picture


async def _pause(stop: asyncio.Event) -> None:
    """Until somebody stops the demo, or a moment has passed."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(2 * SECONDS_BETWEEN_LOOKS):
            await stop.wait()


def _save(picture: Image.Image, folder: Path, transcript: Transcript) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    picture.save(folder / "result.png")
    transcript.say("demo", f"saved {folder / 'result.png'} ({picture.width}×{picture.height})")
    (folder / "transcript.txt").write_text("\n".join(transcript.lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
