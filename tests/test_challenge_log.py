"""What a server's log channel says about challenges."""

import pytest

from bot.jobs.challenge_notes import (
    ChallengeAnnounced,
    ChallengeCancelled,
    ChallengeEnded,
    ChallengeExported,
    ChallengeExtended,
    EntriesEnded,
    EntryApproved,
    EntryRemoved,
    EntryWaits,
    EntryWithdrawn,
    SeriesStopped,
)
from bot.jobs.moderation import Note
from bot.ui.text.moderation_log import LONGEST_LINE, line
from bot.ui.words import words_for

SAY = words_for("en-US")
TITLE = "*Waves*\n@everyone"
SHOWN = "**\\*Waves\\* \\@everyone**"


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (ChallengeAnnounced(by=1, title=TITLE, opens_at=None), f"📣 <@1> announced the challenge {SHOWN}."),
        (
            ChallengeAnnounced(by=1, title=TITLE, opens_at=60.0),
            f"📣 <@1> announced the challenge {SHOWN}, which opens <t:60:f>.",
        ),
        (
            ChallengeExtended(by=1, title=TITLE, until=60.4),
            f"⏳ <@1> extended the challenge {SHOWN} until <t:60:f>.",
        ),
        (
            EntriesEnded(by=1, title=TITLE),
            f"🗳️ <@1> ended the entries of the challenge {SHOWN} early: members vote now.",
        ),
        (ChallengeEnded(by=1, title=TITLE), f"🏁 <@1> ended the challenge {SHOWN} early."),
        (ChallengeEnded(by=None, title=TITLE), f"🏁 The challenge {SHOWN} is over."),
        (
            ChallengeCancelled(by=1, title=TITLE, reason="rain\n<@2>"),
            f"🚫 <@1> cancelled the challenge {SHOWN}: rain \\<\\@2\\>",
        ),
        (SeriesStopped(by=1, title=TITLE), f"🚫 <@1> stopped the series {SHOWN}."),
        (ChallengeExported(by=1, title=TITLE), f"📦 <@1> exported the challenge {SHOWN}."),
        (EntryWaits(user_id=2, title=TITLE), f"📥 An entry of <@2> in the challenge {SHOWN} waits for approval."),
        (
            EntryApproved(by=1, user_id=2, title=TITLE),
            f"✅ <@1> approved the entry of <@2> in the challenge {SHOWN}.",
        ),
        (
            EntryRemoved(by=1, user_id=2, title=TITLE, reason="*no*"),
            f"🗑️ <@1> removed the entry of <@2> from the challenge {SHOWN}: \\*no\\*",
        ),
        (EntryWithdrawn(user_id=2, title=TITLE), f"↩️ <@2> withdrew an entry from the challenge {SHOWN}."),
    ],
)
def test_each_thing_that_happens_is_one_line_that_cannot_format_or_mention(note: Note, said: str) -> None:
    assert line(note, 4711, SAY) == said


def test_a_long_reason_is_cut() -> None:
    note = ChallengeCancelled(by=1, title="*" * 80, reason="*" * 1000)
    assert len(line(note, 4711, SAY)) == LONGEST_LINE
