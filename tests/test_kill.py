"""`kill -9` of any part in the middle of a job: the job finishes, and exactly one finished picture is posted.

The tests share one process tree with an engine and one without, because starting torch is what takes their time; each
test starts its bot if it is down.
"""

import io
import math
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from PIL import Image

from nst_engine.contract.jobs import JobState
from nst_engine.queue.jobs import Job
from tests.bot_tree import BotTree, bot_tree, is_final
from tests.loopback_discord import Interaction, Message, Upload
from tests.loopback_discord.values import every_component
from tests.loopback_discord.world import Happening, MessageCreated, ThreadCreated
from tests.process_tree import until_ended

SIDE_PX = 64
SECONDS = 20.0
THREAD_IS_THERE = "(160004)"
"""What Discord says to a bot that was killed after it opened a thread: the one refusal that is no fault."""
BOT_MEMORY_BYTES = 150 * 2**20

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc"),
]


def is_a_thread(happening: Happening) -> bool:
    return isinstance(happening, ThreadCreated)


def is_a_card(happening: Happening) -> bool:
    return isinstance(happening, MessageCreated) and bool(happening.message.body.components)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_tree(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotTree]:
    async with bot_tree(tmp_path_factory.mktemp("kill"), spawn=True) as tree:
        yield tree


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_tree_without_engine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotTree]:
    async with bot_tree(tmp_path_factory.mktemp("kill"), spawn=False) as tree:
        yield tree


@pytest_asyncio.fixture(loop_scope="module")
async def tree(shared_tree: BotTree) -> AsyncIterator[BotTree]:
    """Bot, engine agent and GPU child."""
    async with started(shared_tree):
        yield shared_tree


@pytest_asyncio.fixture(loop_scope="module")
async def tree_without_engine(shared_tree_without_engine: BotTree) -> AsyncIterator[BotTree]:
    """The bot alone; the test paints by hand."""
    async with started(shared_tree_without_engine):
        yield shared_tree_without_engine


@asynccontextmanager
async def started(tree: BotTree) -> AsyncIterator[None]:
    """With the bot up. A test that fails shows the bot's log."""
    if not tree.is_up:
        await tree.start()
    yield
    print(tree.log.read_text()[-20_000:])


async def test_the_job_survives_the_gpu_child(tree: BotTree) -> None:
    job = stylize(tree)
    await tree.in_the_middle(job)
    child = tree.gpu_child()
    child.kill()
    await until_ended(child, within=SECONDS)
    done = await posted_exactly_once(tree, job)
    assert done.attempts == 2
    assert child not in tree.processes()


async def test_the_job_survives_the_engine_agent(tree: BotTree) -> None:
    job = stylize(tree)
    await tree.in_the_middle(job)
    agent, child = tree.agent(), tree.gpu_child()
    agent.kill()
    await until_ended(child, within=SECONDS)
    done = await posted_exactly_once(tree, job)
    assert done.attempts == 2
    assert tree.agent() != agent


async def test_the_job_survives_the_bot(tree: BotTree) -> None:
    job = stylize(tree)
    await tree.in_the_middle(job)
    await tree.discord.world.until(lambda: has_preview(tree.messages_since(job)), within=SECONDS, what="a preview")
    tree.bot().kill()
    assert await tree.ended() == -9
    unfinished = await tree.job(job)
    assert unfinished is not None
    assert not unfinished.is_final
    assert tree.finals(job) == []
    await tree.start()
    await posted_exactly_once(tree, job)


async def test_a_stopped_bot_leaves_no_process_and_a_new_one_posts_nothing_again(tree: BotTree) -> None:
    before = tree.discord.world.messages()
    assert await tree.stop() == 0
    await tree.all_gone()
    await tree.start()
    await tree.discord.until_heartbeats(4, within=SECONDS)
    assert await tree.stop() == 0
    await tree.all_gone()
    assert tree.discord.world.messages() == before


async def test_a_lost_answer_does_not_post_the_picture_twice(tree_without_engine: BotTree) -> None:
    tree = tree_without_engine
    tree.discord.lose_answer_to(is_final)
    job = stylize(tree)
    await tree.paint_by_hand(job, picture("painted.png", 3.0).data)
    done = await posted_exactly_once(tree, job)
    assert done.delivery_attempts >= 2


@pytest.mark.parametrize("made", [is_a_thread, is_a_card])
async def test_a_bot_killed_before_it_could_record_what_it_made_does_not_make_it_again(
    tree_without_engine: BotTree, made: Callable[[Happening], bool]
) -> None:
    tree = tree_without_engine
    tree.kill_bot_at(made)
    job = stylize(tree)
    assert await tree.ended() == -9
    tree.discord.world.forget_nonces()
    await tree.start()
    await tree.paint_by_hand(job, picture("painted.png", 3.0).data)
    await posted_exactly_once(tree, job)


async def test_a_bot_killed_between_posting_and_recording_does_not_post_again(tree_without_engine: BotTree) -> None:
    """Even when it comes back so late that its delivery lease has run out and Discord has forgotten the nonce."""
    tree = tree_without_engine
    tree.kill_bot_at(lambda happening: isinstance(happening, MessageCreated) and is_final(happening.message))
    job = stylize(tree)
    await tree.paint_by_hand(job, picture("painted.png", 3.0).data)
    assert await tree.ended() == -9
    assert len(tree.finals(job)) == 1
    tree.discord.world.forget_nonces()
    await tree.forget_delivery_lease(job)
    await tree.start()
    await posted_exactly_once(tree, job)


def stylize(tree: BotTree) -> Interaction:
    """The member runs /stylize on two small pictures."""
    content, style = picture("content.png", 7.0), picture("style.png", 1.5)
    return tree.discord.world.invoke_slash("stylize", {"content": content, "style": style, "size": SIDE_PX})


def picture(filename: str, waves: float) -> Upload:
    """Coloured rings, so many across the picture."""
    canvas = Image.new("RGB", (SIDE_PX, SIDE_PX))
    for y in range(SIDE_PX):
        for x in range(SIDE_PX):
            ring = math.sin(math.hypot(x - SIDE_PX / 3, y - SIDE_PX / 2) * waves * 2 * math.pi / SIDE_PX)
            canvas.putpixel((x, y), (int(127 + 127 * ring), 2 * y, 255 - 2 * x))
    file = io.BytesIO()
    canvas.save(file, "PNG")
    return Upload(filename=filename, data=file.getvalue())


def has_preview(messages: list[Message]) -> bool:
    return any(file.filename.startswith("preview-") for message in messages for file in message.files)


def buttons(card: Message) -> list[str]:
    """The ids of its buttons."""
    return [part["custom_id"] for part in every_component(card.body.components) if "custom_id" in part]


async def posted_exactly_once(tree: BotTree, job: Interaction) -> Job:
    """Wait for the picture, its record and some heartbeats more; there must be just one, and the bot must be well."""
    final = await tree.final(job)
    delivered = await tree.delivered(job)
    await tree.discord.until_heartbeats(3, within=SECONDS)
    assert tree.finals(job) == [final]
    assert len(tree.messages_since(job)) == 3, "the answer to the command, the card and the picture"
    assert buttons(tree.card(job)) == []
    assert delivered.state is JobState.DONE
    with Image.open(io.BytesIO(final.files[0].data)) as painted:
        assert max(painted.size) == SIDE_PX
    assert tree.bot().peak_memory_bytes() < BOT_MEMORY_BYTES
    assert not tree.bot().has_mapped("torch")
    assert [no for no in tree.discord.refusals if THREAD_IS_THERE not in no] == []
    assert tree.discord.problems == []
    return delivered
