"""Where the requester of a job is answered, as it is kept with the job. Ids are Discord's, but only numbers here."""

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from bot.jobs.picture_names import PictureNames
from nst_engine.queue.jobs import Job


class Address(BaseModel):
    """Enough to go on after a restart. A change is a changed copy, saved before anything is built on it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

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
        """The thread or channel where the job is shown and its picture posted."""
        return self.thread_id or self.channel_id

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

    def with_card(self, message_id: int, *, posted_at: float) -> "Address":
        card = {"card_message_id": message_id, "card_channel_id": self.place_id, "card_posted_at": posted_at}
        return self.model_copy(update=card)

    def without_card(self) -> "Address":
        return self.model_copy(update={"card_message_id": None, "card_channel_id": None, "card_posted_at": 0.0})


def address_of(job: Job) -> Address | None:
    """The address kept with a job; None for a job that nobody on Discord asked for."""
    return None if job.address is None else Address.model_validate(job.address)
