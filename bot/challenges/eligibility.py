"""Who may enter a challenge, and who may vote: a pure decision over what Discord says about a member."""

from dataclasses import dataclass

from bot.challenges.errors import Lack, NotEligible
from bot.challenges.values import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who asks, as their server knows them."""

    role_ids: frozenset[int]
    joined_at: float | None
    """When they joined the server, in seconds since 1970; None where that is not known."""
    is_member: bool = True


def check_may_enter(terms: Terms, visitor: Visitor, now: float) -> None:
    """Raises NotEligible."""
    _check(terms.enter_role_ids, Lack.ENTER_ROLE, terms, visitor, now)


def check_may_vote(terms: Terms, visitor: Visitor, now: float) -> None:
    """Raises NotEligible."""
    _check(terms.vote_role_ids, Lack.VOTE_ROLE, terms, visitor, now)


def _check(role_ids: tuple[int, ...], lack: Lack, terms: Terms, visitor: Visitor, now: float) -> None:
    if not visitor.is_member:
        raise NotEligible(Lack.NOT_A_MEMBER)
    if role_ids and visitor.role_ids.isdisjoint(role_ids):
        raise NotEligible(lack, role_ids=role_ids)
    if terms.member_for_seconds <= 0:
        return
    from_at = None if visitor.joined_at is None else visitor.joined_at + terms.member_for_seconds
    if from_at is None or from_at > now:
        raise NotEligible(Lack.TIME_HERE, from_at=from_at)
