"""Who may do what where: what the stand-in's bot is refused in a place that was closed to it. Pure."""

from tests.loopback_discord.refusals import Refused, unknown
from tests.loopback_discord.values import Channel, ChannelKind, Permission
from tests.loopback_discord.world import World

SPEAK_IN = {
    ChannelKind.TEXT: Permission.SEND_MESSAGES,
    ChannelKind.PUBLIC_THREAD: Permission.SEND_MESSAGES_IN_THREADS,
}


def check_reading(world: World, channel: Channel) -> None:
    """Raise Refused where the bot sees nothing."""
    if channel.kind is ChannelKind.DM:
        return
    if not world.bot_is_in or Permission.VIEW_CHANNEL not in allowed(world, channel):
        raise Refused(403, 50001, "Missing Access")


def check_posting(world: World, channel: Channel, *, files: bool) -> None:
    """Raise Refused where a new message is not taken. A post reopens a thread that is only archived."""
    if channel.kind is ChannelKind.DM:
        return _check_direct(world, channel)
    check_reading(world, channel)
    _need(world, channel, SPEAK_IN[channel.kind])
    if files:
        _need(world, channel, Permission.ATTACH_FILES)
    if channel.id in world.locked:
        raise _closed(world, channel)
    world.archived.discard(channel.id)
    return None


def check_changing(world: World, channel: Channel, *, files: bool) -> None:
    """Raise Refused where the bot's own message can be neither edited nor deleted."""
    if channel.kind is ChannelKind.DM:
        return
    check_reading(world, channel)
    if files:
        _need(world, channel, Permission.ATTACH_FILES)
    if channel.id in world.archived | world.locked:
        raise _closed(world, channel)


def check_opening_a_thread(world: World, channel: Channel) -> None:
    """Raise Refused where the bot opens no thread."""
    if channel.kind is not ChannelKind.TEXT:
        raise Refused(400, 50024, "Cannot execute action on this channel type")
    check_reading(world, channel)
    _need(world, channel, Permission.CREATE_PUBLIC_THREADS)


def may_read_history(world: World, channel: Channel) -> bool:
    """Where it may not, Discord answers with an empty list."""
    return channel.kind is ChannelKind.DM or Permission.READ_MESSAGE_HISTORY in allowed(world, channel)


def allowed(world: World, channel: Channel) -> Permission:
    """What the bot may do; a thread has the permissions of its channel."""
    return world.bot.permissions & ~world.denied.get(channel.parent_id or channel.id, Permission(0))


def _need(world: World, channel: Channel, permission: Permission) -> None:
    if permission not in allowed(world, channel):
        raise Refused(403, 50013, "Missing Permissions")


def _check_direct(world: World, channel: Channel) -> None:
    if channel.recipient is None:
        raise unknown("Channel", 10003)
    if not world.bot_is_in:
        raise Refused(403, 50278, "Cannot send messages to this user due to having no mutual guilds")
    if channel.recipient in world.taking_no_direct_messages:
        raise Refused(403, 50007, "Cannot send messages to this user")


def _closed(world: World, channel: Channel) -> Refused:
    if channel.id in world.archived:
        return Refused(400, 50083, "Thread is archived")
    return Refused(403, 160005, "Thread is locked")
