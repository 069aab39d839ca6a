"""What can go wrong between a job and its requester.

BotError
├── PlaceGone          the thread or channel is gone, locked, or closed to us
├── MessageGone        our message has been deleted
├── FileTooLarge       the place does not take a file of this size
├── NotAnswered        nobody knows whether it happened: an outage, a reset, a rate limit
└── CheckUnavailable   the pixels of a picture could not be checked; not the picture's fault
"""


class BotError(Exception):
    """Base of all errors here."""


class PlaceGone(BotError):
    """The thread or channel is gone, locked, or closed to us."""


class MessageGone(BotError):
    """Our message has been deleted."""


class FileTooLarge(BotError):
    """The place does not take a file of this size."""


class NotAnswered(BotError):
    """The request may or may not have been carried out."""


class CheckUnavailable(BotError):
    """The process that checks pictures did not start or did not answer."""
