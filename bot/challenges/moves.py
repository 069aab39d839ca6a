"""A challenge's step from one phase to the next, with all that belongs to it, in a transaction of the caller's."""

from dataclasses import replace

from sqlalchemy import Connection, delete, insert, select, update

from bot.challenges import phases
from bot.challenges.errors import WrongPhase
from bot.challenges.painting import on_the_way
from bot.challenges.phases import Event, TimePassed
from bot.challenges.ranking import rank_by_duels, rank_by_hearts
from bot.challenges.rows import challenge_of, entries_in, entry_count, schedule_columns
from bot.challenges.tally import duels_of, hearts_per_entry
from bot.challenges.tasks import TaskKind, add_task, end_of
from bot.challenges.values import Challenge, EntryState, NewChallenge, Phase, Placed, Schedule, VotingMode
from bot.store.schema import challenge_results, challenge_tasks, challenges

OVERTAKEN = (TaskKind.ANNOUNCE, TaskKind.OPENED, TaskKind.EXTENDED, TaskKind.VOTE)
"""What nobody needs to be told any more once a challenge is called off."""


def insert_draft(
    connection: Connection, new: NewChallenge, now: float, *, series_id: int | None = None, number: int | None = None
) -> Challenge:
    """A draft that nobody has confirmed."""
    schedule = Schedule(
        phase=Phase.DRAFT,
        confirmed=False,
        opens_at=new.opens_at,
        entries_end_at=new.entries_end_at,
        voting_ends_at=new.entries_end_at + new.terms.voting_seconds,
        voting_seconds=new.terms.voting_seconds,
        ends_at_a_moment=new.terms.ends_at_a_moment,
    )
    row = {
        "tenant_id": new.tenant_id,
        "title": new.title,
        "terms": new.terms.model_dump_json(),
        "channel_id": new.channel_id,
        "created_by": new.created_by,
        "created_at": now,
        "series_id": series_id,
        "number": number,
        **schedule_columns(schedule),
    }
    statement = insert(challenges).values(**row).returning(*challenges.c)
    return challenge_of(connection.execute(statement).mappings().one())


def move(connection: Connection, before: Challenge, event: Event, now: float, end_reason: str = "") -> Challenge:
    """Let `event` happen to a locked challenge, and note what is to be told of it. Raises WrongPhase."""
    schedule = phases.after(before.schedule, event, now)
    if schedule.phase is Phase.DRAFT and phases.is_due(schedule, now):
        schedule = phases.after(schedule, TimePassed(entries=0), now)
    if schedule == before.schedule:
        return before
    after = replace(before, schedule=schedule, end_reason=end_reason or before.end_reason)
    _save(connection, before, after)
    if schedule.phase is Phase.CANCELLED:
        _call_off(connection, before, now)
    elif (kind := told_of(before.schedule, schedule)) is not None:
        add_task(connection, after.id, kind, now, end_of(schedule) if kind is TaskKind.EXTENDED else "")
    if schedule.phase is Phase.CLOSED:
        _conclude(connection, after, now)
    return after


def contenders(connection: Connection, challenge: Challenge) -> int:
    """Entries that can be voted on, or may be once they are approved, painted or looked at."""
    entered = entry_count(connection, challenge.id, EntryState.SHOWN, EntryState.WAITING)
    if challenge.phase is not Phase.OPEN or entered >= phases.ENTRIES_TO_VOTE_ON:
        return entered
    return entered + on_the_way(connection, challenge.id)


def told_of(before: Schedule, after: Schedule) -> TaskKind | None:
    """What everybody is told of a step that is not the end of it by a moderator's word."""
    if after.confirmed and not before.confirmed:
        return TaskKind.ANNOUNCE
    if after.phase is before.phase:
        return TaskKind.EXTENDED if after.deadline != before.deadline else None
    match after.phase:
        case Phase.OPEN:
            return TaskKind.OPENED
        case Phase.VOTING:
            return TaskKind.VOTE
        case Phase.CLOSED:
            return TaskKind.PODIUM
        case Phase.DRAFT | Phase.CANCELLED:
            return None


def _save(connection: Connection, before: Challenge, after: Challenge) -> None:
    as_it_was = (
        (challenges.c.id == before.id)
        & (challenges.c.phase == before.phase)
        & challenges.c.confirmed.is_(before.schedule.confirmed)
    )
    changed = {**schedule_columns(after.schedule), "end_reason": after.end_reason}
    if not connection.execute(update(challenges).where(as_it_was).values(**changed)).rowcount:
        raise WrongPhase(after.phase)


def _call_off(connection: Connection, before: Challenge, now: float) -> None:
    """Who was told of a challenge is told of its end; where its announcement had not begun, nobody was."""
    if not before.schedule.confirmed:
        return
    of_it = (challenge_tasks.c.challenge_id == before.id) & challenge_tasks.c.done_at.is_(None)
    not_begun = of_it & (challenge_tasks.c.attempts == 0)
    unannounced = select(challenge_tasks.c.id).where(not_begun, challenge_tasks.c.kind == TaskKind.ANNOUNCE)
    is_secret = connection.execute(unannounced).first() is not None
    connection.execute(delete(challenge_tasks).where(not_begun, challenge_tasks.c.kind.in_(OVERTAKEN)))
    if not is_secret:
        add_task(connection, before.id, TaskKind.CALLED_OFF, now)


def _conclude(connection: Connection, challenge: Challenge, now: float) -> None:
    placed = ranked(connection, challenge)
    connection.execute(delete(challenge_results).where(challenge_results.c.challenge_id == challenge.id))
    if placed:
        connection.execute(insert(challenge_results), [_result(challenge.id, each) for each in placed])
    if challenge.terms.winner_role_id is not None:
        for winner in dict.fromkeys(each.entry.author.user_id for each in placed if each.has_won):
            add_task(connection, challenge.id, TaskKind.WINNER_ROLE, now, winner)


def ranked(connection: Connection, challenge: Challenge) -> list[Placed]:
    """Its entries by the votes that count now."""
    shown = entries_in(connection, challenge.id, EntryState.SHOWN)
    match challenge.terms.mode:
        case VotingMode.APPROVAL:
            return rank_by_hearts(shown, hearts_per_entry(connection, challenge.id))
        case VotingMode.DUELS:
            return rank_by_duels(
                shown, [(duel.winner_id, duel.loser_id) for duel in duels_of(connection, challenge.id)]
            )


def _result(challenge_id: int, placed: Placed) -> dict[str, int | float]:
    return {
        "challenge_id": challenge_id,
        "entry_id": placed.entry.id,
        "place": placed.place,
        "votes": placed.votes,
        "duels": placed.duels,
        "score": placed.score,
        "low": placed.low,
        "high": placed.high,
    }
