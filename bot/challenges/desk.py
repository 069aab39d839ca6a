"""What commands and buttons about challenges work with."""

from dataclasses import dataclass

from bot.challenges.archive import Archive
from bot.challenges.entries import Entries
from bot.challenges.series import SeriesStore
from bot.challenges.store import Challenges
from bot.challenges.tasks import Tasks
from bot.challenges.votes import Votes
from nst_engine.queue.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeDesk:
    challenges: Challenges
    entries: Entries
    votes: Votes
    archive: Archive
    tasks: Tasks
    series: SeriesStore


def challenge_desk(database: Database) -> ChallengeDesk:
    return ChallengeDesk(
        challenges=Challenges(database),
        entries=Entries(database),
        votes=Votes(database),
        archive=Archive(database),
        tasks=Tasks(database),
        series=SeriesStore(database),
    )
