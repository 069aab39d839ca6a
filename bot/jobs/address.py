"""Where the requester of a job is answered, as it is kept with the job. Ids are Discord's, but only numbers here."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.jobs.picture_names import PictureNames
from nst_engine.queue.jobs import Job


class Webhook(BaseModel):
    """The way back to an interaction: its answer can be edited, and followed up, for a quarter of an hour.

    Who has the token can speak there, so it is in no log and leaves the row as soon as it is of no use.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    application_id: int
    token: str = Field(repr=False)
    until: float
    """Seconds since 1970 on the bot's clock; it is left alone from then on, a little before Discord refuses it."""
    ephemeral: bool = False
    """Only the requester sees what is said through it."""


class Address(BaseModel):
    """Enough to go on after a restart. A change is a changed copy, saved before anything is built on it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    guild_id: int | None
    """None in a direct message."""
    channel_id: int
    """Where `/stylize` was invoked."""
    user_id: int
    locale: str
    """What is said there is said in this language."""
    content_name: str
    style_names: tuple[str, ...]
    upload_limit_bytes: int
    wants_thread: bool
    """The place allows threads, and none has failed to open yet."""
    starter_message_id: int | None = None
    """The public answer to the command, which the thread is opened from."""
    thread_id: int | None = None
    card_message_id: int | None = None
    card_channel_id: int | None = None
    card_posted_at: float = 0.0
    """Seconds since 1970 on the bot's clock."""
    spoiler: bool = False
    """Every picture is covered until somebody chooses to look."""
    deleted: bool = False
    """The finished picture was taken back by its requester or a moderator; nobody goes on from it."""
    timelapse_message_id: int | None = None
    """Where its timelapse was posted, and in which channel."""
    timelapse_channel_id: int | None = None
    age_restricted: bool = False
    """Made in an age-restricted channel, or of a picture from one: covered wherever it is shown elsewhere."""
    private: bool = False
    """Nobody but the requester may see any of it."""
    webhook: Webhook | None = None
    """How the place is spoken to where the bot may not speak with its own token; None once that is over."""
    answer_message_id: int | None = None
    """The message that was made by the webhook for the last word, which is put into it by an edit."""
    direct: bool = False
    """Where there is no webhook, or none any more, the only place is the requester's direct messages."""
    direct_channel_id: int | None = None
    """Theirs, once they are where the job is shown."""
    missing_permissions: tuple[str, ...] = ()
    """What the bot lacks in the channel, which is why the job is not shown there as usual."""
    challenge_id: int | None = None
    """The challenge that it is painted for. Where it cannot be posted, its requester finds it there."""
    replaces_entry_id: int | None = None
    """The requester's entry in that challenge which it is meant to replace."""
    trial_id: int | None = None
    """The try of settings that it is one picture of: it has no card and no last word of its own."""

    @model_validator(mode="before")
    @classmethod
    def _of_one_style(cls, saved: Any) -> Any:
        """As the versions kept it that knew one style only."""
        if isinstance(saved, dict) and "style_name" in saved:
            saved = {**saved, "style_names": (saved["style_name"],)}
            del saved["style_name"]
        return saved

    @property
    def names(self) -> PictureNames:
        return PictureNames(content=self.content_name, styles=self.style_names)

    @property
    def place_id(self) -> int:
        """The thread, channel or direct messages where the job is shown and its picture posted."""
        return self.direct_channel_id or self.thread_id or self.channel_id

    @property
    def starter_channel_id(self) -> int:
        """Where the starter message is."""
        return self.direct_channel_id or self.channel_id

    def is_covered_in(self, guild_id: int | None) -> bool:
        """Where a picture of it is shown in this server, or with None in direct messages."""
        return self.spoiler or (self.age_restricted and guild_id != self.guild_id)

    @property
    def wants_direct_channel(self) -> bool:
        return self.direct and self.webhook is None and self.direct_channel_id is None

    @property
    def is_seen_by_others(self) -> bool:
        """Where it is shown now."""
        if self.direct:
            return self.webhook is not None and not self.webhook.ephemeral
        return self.guild_id is not None

    @property
    def has_card(self) -> bool:
        return self.card_message_id is not None

    def saved(self) -> dict[str, Any]:
        """As `JobStore` keeps it."""
        return self.model_dump(mode="json")

    def with_thread(self, thread_id: int) -> "Address":
        return self.model_copy(update={"thread_id": thread_id, "wants_thread": False})

    def without_thread(self) -> "Address":
        """After the thread was lost or could not be opened: the channel it was asked for in."""
        return self.model_copy(update={"thread_id": None, "wants_thread": False}).without_card()

    def with_answer(self, message_id: int) -> "Address":
        return self.model_copy(update={"answer_message_id": message_id})

    def in_direct_messages(self, channel_id: int) -> "Address":
        """From now on there. What the webhook made is out of reach."""
        changes = {"direct": True, "direct_channel_id": channel_id, "starter_message_id": None}
        return self.without_webhook().without_card().model_copy(update=changes)

    def without_picture(self) -> "Address":
        """After it was deleted."""
        return self.model_copy(update={"deleted": True})

    def with_timelapse(self, message_id: int, channel_id: int) -> "Address":
        return self.model_copy(update={"timelapse_message_id": message_id, "timelapse_channel_id": channel_id})

    def without_webhook(self) -> "Address":
        """When its time is over, or its job."""
        return self.model_copy(update={"webhook": None, "answer_message_id": None})

    def with_card(self, message_id: int, *, posted_at: float) -> "Address":
        card = {"card_message_id": message_id, "card_channel_id": self.place_id, "card_posted_at": posted_at}
        return self.model_copy(update=card)

    def without_card(self) -> "Address":
        return self.model_copy(update={"card_message_id": None, "card_channel_id": None, "card_posted_at": 0.0})


def address_of(job: Job) -> Address | None:
    """The address kept with a job; None for a job that nobody on Discord asked for."""
    return None if job.address is None else Address.model_validate(job.address)
