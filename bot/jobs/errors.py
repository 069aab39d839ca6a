"""What can go wrong between a job and its requester.

BotError
├── PlaceGone          the thread or channel is gone, or closed to us
│   └── ThreadClosed   an archived or locked thread: what is in it cannot be changed
├── NoPlaceLeft        no place there is takes the last word
├── MessageGone        our message has been deleted, or is out of reach for good
├── FileTooLarge       the place does not take a file of this size
├── Rejected           Discord understood the request and will not carry it out
├── NotAnswered        nobody knows whether it happened: an outage, a reset, a rate limit
├── PictureGone        Discord no longer has a picture that was to be read
├── DownloadTooLarge   more of it came than is read
├── ResultUnreadable   the finished picture is not where it was kept, or damaged
├── CheckUnavailable   the pixels of a picture could not be checked; not the picture's fault
└── NotDrawn           the project's own paintings could not be drawn
"""


class BotError(Exception):
    """Base of all errors here."""


class PlaceGone(BotError):
    """The thread or channel is gone, or closed to us."""


class ThreadClosed(PlaceGone):
    """The thread is archived or locked. A post reopens an archived one; an edit does not."""


class NoPlaceLeft(BotError):
    """Neither the thread nor the channel nor the requester's direct messages take it."""


class MessageGone(BotError):
    """Our message has been deleted, or is out of reach for good."""


class FileTooLarge(BotError):
    """The place does not take a file of this size."""


class Rejected(BotError):
    """Discord understood the request and will not carry it out, however often it is made."""


class NotAnswered(BotError):
    """The request may or may not have been carried out."""


class PictureGone(BotError):
    """The file, avatar, emoji or sticker has been deleted, or the link to it is too old."""


class DownloadTooLarge(BotError):
    """How large it is in all, nobody knows."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"more than {limit_bytes} bytes")
        self.limit_bytes = limit_bytes


class ResultUnreadable(BotError):
    """The finished picture cannot be read from where it was kept."""


class CheckUnavailable(BotError):
    """The process that checks pictures did not start or did not answer."""


class NotDrawn(BotError):
    """The process that draws the project's own paintings did not start, or failed."""
