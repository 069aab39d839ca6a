"""What Discord hosts, in the simulation: it keeps the files of messages, but no avatars, emojis or stickers."""

from typing import Any

from bot.jobs.errors import DownloadTooLarge, PictureGone


class FakeCdn:
    """What is put into `pictures` by its address, and the files of messages."""

    def __init__(self) -> None:
        self.pictures: dict[str, bytes] = {}
        self.env: Any = None
        """The simulation; it is there only after the bot that it is for."""

    async def __call__(self, url: str, *, limit_bytes: int) -> bytes:
        data = self.pictures.get(url) or self.env.backend.cdn.get(url)
        if data is None:
            raise PictureGone(url)
        if len(data) > limit_bytes:
            raise DownloadTooLarge(limit_bytes)
        return bytes(data)
