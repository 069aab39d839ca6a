"""What the log channel of a server says where something about a challenge could not be done."""

from typing import assert_never

from bot.jobs.challenge_notes import ChallengeTrouble, Trouble
from bot.ui.text.names import unformatted
from bot.ui.words import Words


def trouble_line(note: ChallengeTrouble, say: Words) -> str:
    title = f"**{unformatted(note.title)}**"
    member = f"<@{note.user_id}>"
    match note.trouble:
        case Trouble.CARD_DELETED:
            return say(
                "⚠️ The announcement of the challenge {title} was deleted. The challenge goes on; "
                "`/challenge manage` posts it again.",
                title=title,
            )
        case Trouble.NOT_SAID:
            return say(
                "⚠️ Nothing can be posted about the challenge {title} in {channel}: the channel is gone, or the bot may "
                "not write there. The challenge goes on; members find it with `/challenge list`.",
                title=title,
                channel=f"<#{note.channel_id}>",
            )
        case Trouble.WINNER_LEFT:
            return say("⚠️ {member} won the challenge {title} and has left the server.", member=member, title=title)
        case Trouble.ROLE_REFUSED:
            return say(
                "⚠️ {member} won the challenge {title}, but the bot cannot give the role for it: that needs the "
                "permission **Manage Roles**, and a role of the bot's own above that one.",
                member=member,
                title=title,
            )
        case _:
            assert_never(note.trouble)
