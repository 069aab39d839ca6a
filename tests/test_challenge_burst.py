"""A hundred members hand in their photos within two minutes of the end: fair to them, and to everybody else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image
from torch import Tensor

from bot.challenges.desk import ChallengeDesk, challenge_desk
from bot.challenges.errors import WrongPhase
from bot.challenges.values import Author, Challenge, NewChallenge, Phase, Picture, Terms
from bot.jobs.address import Address
from nst_engine import scales
from nst_engine.contract.params import StylizeParams
from nst_engine.contract.presets import estimated_cost, stages_of
from nst_engine.feature_pass import Pass
from nst_engine.measures import ByLayer
from nst_engine.objective import measure_style
from nst_engine.queue.blobs import DirectoryBlobs
from nst_engine.queue.database import open_database
from nst_engine.queue.jobs import Job, NewJob
from nst_engine.queue.store import JobStore
from nst_engine.scales import Scales, Sources
from nst_engine.style_cache import StyleCache
from tests.challenge_rounds import unguarded
from tests.fake_engine import FakeEngine, summary
from tests.fake_network import random_picture, tiny_network

TENANT = "4711"
STYLE_BLOB = "style"
MEMBERS = 100
END = 1_780_000_000.0
BEGIN = END - 120.0
"""Of the burst."""
DAY = 24 * 3600.0
SHAPES = ((512, 384), (384, 512), (512, 512), (512, 288))
SIZE = StylizeParams(size=512)


@dataclass
class Crowd:
    """Who handed in what, in that order; ids of jobs say which."""

    store: JobStore
    engine: FakeEngine
    desk: ChallengeDesk
    challenge: Challenge
    asked: dict[str, str] = field(default_factory=dict)
    """The owner of each job."""
    started: list[Job] = field(default_factory=list)

    async def ask(self, owner: str, *, for_challenge: bool) -> str:
        job_id = str(len(self.asked) + 1)
        address = Address(
            guild_id=int(TENANT),
            channel_id=1,
            user_id=int(owner),
            locale="en-US",
            content_name="cat.png",
            style_names=("Waves",),
            upload_limit_bytes=1,
            wants_thread=False,
            challenge_id=self.challenge.id if for_challenge else None,
        )
        self.asked[job_id] = owner
        await self.store.submit(
            NewJob(
                id=job_id,
                owner_id=owner,
                tenant_id=TENANT,
                params=SIZE,
                content_blob=f"photo {job_id}",
                style_blobs=(STYLE_BLOB,),
                cost=estimated_cost(SIZE, SHAPES[len(self.asked) % len(SHAPES)]),
                address=address.saved(),
            )
        )
        return job_id

    async def paint(self) -> Job:
        job = await self.engine.claim()
        self.started.append(job)
        await self.engine.leases.complete(job, result_blob="picture", result_format="png", summary=summary())
        return job

    @property
    def order(self) -> list[str]:
        """The owners, as their jobs were started."""
        return [job.owner_id for job in self.started]


@pytest.fixture
async def crowd(tmp_path: Path) -> AsyncIterator[Crowd]:
    async with open_database(f"sqlite:///{tmp_path / 'jobs.db'}") as database:
        blobs = DirectoryBlobs(tmp_path / "blobs")
        await blobs.prepare()
        desk = challenge_desk(database)
        yield Crowd(JobStore(database), FakeEngine(database, blobs), desk, await opened(desk))


async def opened(desk: ChallengeDesk) -> Challenge:
    new = NewChallenge(
        tenant_id=TENANT,
        title="Waves",
        terms=Terms(voting_seconds=DAY),
        channel_id=1,
        opens_at=END - DAY,
        entries_end_at=END,
        created_by="1",
    )
    draft = await desk.challenges.create(new, END - DAY)
    return await desk.challenges.confirm(TENANT, draft.id, END - DAY)


def members(first: int = 1000) -> list[str]:
    return [str(first + number) for number in range(MEMBERS)]


async def test_nobodys_second_picture_is_painted_before_anybodys_first(crowd: Crowd) -> None:
    """Some hand in two or three at once, before others have handed in any."""
    for number, owner in enumerate(members()):
        for _ in range(1 + number % 3):
            await crowd.ask(owner, for_challenge=True)
        if number % 10 == 9:
            await crowd.paint()
    while len(crowd.started) < len(crowd.asked):
        await crowd.paint()
    firsts = [crowd.order.index(owner) for owner in members()]
    seconds = [at for at, owner in enumerate(crowd.order) if owner in crowd.order[:at]]
    assert max(firsts) < min(seconds) + MEMBERS // 10  # what was started while others had not asked yet
    assert sorted(crowd.order[:MEMBERS]) == members()


async def test_ordinary_jobs_before_and_amid_the_burst_start_in_their_turn(crowd: Crowd) -> None:
    early = [await crowd.ask(str(owner), for_challenge=False) for owner in (1, 2, 3)]
    amid = {}
    for number, owner in enumerate(members()):
        await crowd.ask(owner, for_challenge=True)
        if number % 25 == 24:
            job_id = await crowd.ask(str(10 + number), for_challenge=False)
            amid[job_id] = len(crowd.asked)
    while len(crowd.started) < len(crowd.asked):
        await crowd.paint()
    order = [job.id for job in crowd.started]
    assert order[:3] == early
    for job_id, handed_in in amid.items():
        assert order.index(job_id) < handed_in  # nobody who came later went first


async def test_an_ordinary_job_of_somebody_new_waits_behind_no_second_picture(crowd: Crowd) -> None:
    for owner in members():
        await crowd.ask(owner, for_challenge=True)
        await crowd.ask(owner, for_challenge=True)
    for _ in range(MEMBERS // 2):
        await crowd.paint()
    late = await crowd.ask("5", for_challenge=False)
    for _ in range(MEMBERS // 2 + 1):
        await crowd.paint()
    assert late in {job.id for job in crowd.started}


async def test_everybody_enters_their_picture_although_the_end_passed_meanwhile(crowd: Crowd) -> None:
    asked_at = {}
    for number, owner in enumerate(members()):
        asked_at[await crowd.ask(owner, for_challenge=True)] = BEGIN + number
    for _ in range(5):
        await crowd.paint()
    (moved,) = await crowd.desk.challenges.carry_out_due(END + 1)
    assert moved.phase is Phase.VOTING  # nobody has entered yet, but a hundred pictures are being painted
    while len(crowd.started) < MEMBERS:
        await crowd.paint()
    for number, job in enumerate(crowd.started):
        await enter(crowd, job, asked_at=asked_at[job.id], now=END + 10 + 30 * number)
    assert (await crowd.desk.challenges.counts(crowd.challenge.id)).entries == MEMBERS
    too_late = await crowd.ask("7", for_challenge=True)
    last = await crowd.paint()
    assert last.id == too_late
    with pytest.raises(WrongPhase):
        await enter(crowd, last, asked_at=END + 1, now=END + 60)


async def enter(crowd: Crowd, job: Job, *, asked_at: float, now: float) -> None:
    author = Author(user_id=job.owner_id, name=job.owner_id, username=job.owner_id, locale="en-US")
    entered = Picture(job_id=job.id, blob="b", thumbnail_blob="t", width=1, height=1, covered=False)
    await crowd.desk.entries.enter(crowd.challenge.id, author, entered, asked_at=asked_at, now=now, guard=unguarded)


def test_the_style_is_measured_once_for_photos_of_every_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once at each size of the pyramid, however many photos there are, and whatever was painted between them."""
    params, network, cache = StylizeParams(size=256), tiny_network(), StyleCache()
    style, another = random_picture(90, 70, seed=2), random_picture(70, 90, seed=4)
    measured: list[Image.Image | None] = []

    def count(way: Pass, tensor: Tensor) -> ByLayer:
        measured.append(None)
        return measure_style(way, tensor)

    monkeypatch.setattr(scales, "measure_style", count)

    def paint(photo: Image.Image, painting: Image.Image) -> int:
        before = len(measured)
        job = Scales([Sources(content=photo, styles=[painting])], params, network, cache=cache)
        sizes = stages_of(params, photo.size)
        for stage in sizes:
            job.objective(stage)
        return len(measured) - before

    shapes = [(width, height) for width in (120, 96, 64) for height in (64, 80, 121)]
    found = [paint(random_picture(*shape, seed=number), style) for number, shape in enumerate(shapes)]
    assert found == [len(stages_of(params, shapes[0]))] + [0] * (len(shapes) - 1)
    assert paint(random_picture(80, 60), another) > 0
    assert paint(random_picture(60, 80), style) == 0
