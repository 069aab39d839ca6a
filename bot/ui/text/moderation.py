"""What `/moderation` says."""

from collections.abc import Sequence

from bot.store.blocked import Block
from bot.ui.text.names import cut, escaped, plain
from bot.ui.words import Words, later

GROUP_DESCRIPTION = later("Who may not ask for pictures in this server; for moderators")
BLOCK_DESCRIPTION = later("Stop a member from asking for pictures in this server")
UNBLOCK_DESCRIPTION = later("Let a blocked member ask for pictures again")
BLOCKED_DESCRIPTION = later("Show who is blocked in this server")
MEMBER_OPTION = later("The member")
REASON_OPTION = later("Why; the member reads it when they ask for a picture")

NOT_YOURSELF = later("You cannot block yourself.")
NOT_A_BOT = later("Bots cannot ask for pictures, so there is nothing to block.")
NOT_AN_ADMIN = later("Members who may manage the server cannot be blocked.")
NOBODY = later("Nobody is blocked in this server.")
TITLE = later("Blocked in this server")
LONGEST_LIST = 1800
LONGEST_REASON = 200


def blocked(user_id: int, cancelled: int, say: Words) -> str:
    now = say("{member} cannot ask for pictures in this server any more.", member=f"<@{user_id}>")
    if not cancelled:
        return now
    return f"{now} " + say.count(
        "{n} picture that was waiting has been cancelled.",
        "{n} pictures that were waiting have been cancelled.",
        cancelled,
    )


def unblocked(user_id: int, *, was_blocked: bool, say: Words) -> str:
    if was_blocked:
        return say("{member} can ask for pictures in this server again.", member=f"<@{user_id}>")
    return say("{member} was not blocked.", member=f"<@{user_id}>")


def listed(blocks: Sequence[Block], say: Words) -> str:
    """Newest first, as many as fit into a message."""
    if not blocks:
        return say(NOBODY)
    lines = [f"**{say(TITLE)}**"]
    for number, block in enumerate(blocks):
        line = _line(block, say)
        if sum(len(one) + 1 for one in lines) + len(line) > LONGEST_LIST:
            rest = len(blocks) - number
            return "\n".join([*lines, say.count("… and {n} more.", "… and {n} more.", rest)])
        lines.append(line)
    return "\n".join(lines)


def _line(block: Block, say: Words) -> str:
    facts = {
        "member": f"<@{block.user_id}>",
        "moderator": f"<@{block.blocked_by}>",
        "when": f"<t:{round(block.blocked_at)}:R>",
    }
    if not block.reason:
        return say("{member}, by {moderator} {when}", **facts)
    reason = escaped(cut(plain(block.reason), LONGEST_REASON))
    return say("{member}, by {moderator} {when}: {reason}", **facts, reason=reason)
