"""What a server is told when the bot has joined it."""

from bot.ui.text.names import escaped
from bot.ui.words import Words, later

TITLE = later("Hello! I paint pictures in the style of others")
TRY = later(
    "**Try it:** type {stylize}, give a photo as `content` and a painting as `style`, and send. I open a thread and "
    "show the picture while I paint it."
)
FIRST = later("**For those who manage this server,** the settings that are worth a look first:")
CHANNELS = later("where pictures may be asked for: `allowed_channels`")
QUOTA = later("how many a member may have in a day: `pictures_per_day`")
LOG = later("a channel where moderators read what I do: `log_channel_id`")
LANGUAGE = later("the language that I speak in public: `language`")
HOW = later("{show} shows what holds, {set} changes it. Without any of it, everybody may ask for pictures everywhere.")
HELP = later("Everybody sees with {help} what I do and what is allowed.")


def for_server(name: str, say: Words) -> str:
    """In a direct message, which could be about any server."""
    return say(
        "This is about your server **{server}**, where I found no channel that I may write to.", server=escaped(name)
    )
