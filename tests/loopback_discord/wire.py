"""The world's values as Discord's JSON. Pure; the only thing it must be told is the address the files are served at."""

from datetime import UTC, datetime
from typing import Any

from tests.loopback_discord.rules import allowed
from tests.loopback_discord.values import (
    Channel,
    ChannelKind,
    Interaction,
    InteractionKind,
    Json,
    Message,
    Person,
    StoredFile,
)
from tests.loopback_discord.world import World

UPLOAD_LIMIT_BYTES = 10 * 1024 * 1024
"""What a server without boosts allows for one file."""


LONG_AGO = "2020-01-01T00:00:00+00:00"
"""When the bot joined: there is no welcome to wait for."""


class Wire:
    """Writes values of `world`; files are served below `base_url`."""

    def __init__(self, world: World, base_url: str) -> None:
        self._world = world
        self._base_url = base_url

    def person(self, person: Person) -> Json:
        return {
            "id": str(person.id),
            "username": person.name,
            "discriminator": "0",
            "global_name": None,
            "avatar": None,
            "bot": person.is_bot,
            "flags": 0,
        }

    def member(self, person: Person) -> Json:
        return {**self._membership(person), "user": self.person(person)}

    def application(self) -> Json:
        bot = self._world.bot
        return {
            "id": str(bot.id),
            "name": bot.name,
            "icon": None,
            "description": "",
            "summary": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": self.person(self._world.moderator),
            "verify_key": "00" * 32,
            "flags": 0,
        }

    def guild(self) -> Json:
        world = self._world
        texts = [one for one in world.channels.values() if one.kind is ChannelKind.TEXT]
        nothing: list[Any] = []
        return {
            "id": str(world.guild_id),
            "name": "Loopback",
            "icon": None,
            "owner_id": str(world.moderator.id),
            "unavailable": False,
            "joined_at": LONG_AGO,
            "large": False,
            "member_count": len(world.people),
            "premium_tier": 0,
            "features": nothing,
            "preferred_locale": "en-US",
            "roles": self._roles(),
            "members": [self.member(person) for person in world.people],
            "channels": [self.channel(channel) for channel in texts],
            "threads": [self.channel(thread) for thread in world.threads],
            **dict.fromkeys(("emojis", "stickers", "voice_states", "presences", "stage_instances"), nothing),
        }

    def channel(self, channel: Channel) -> Json:
        match channel.kind:
            case ChannelKind.TEXT:
                return self._text_channel(channel)
            case ChannelKind.PUBLIC_THREAD:
                return self._thread(channel)
            case ChannelKind.DM:
                assert channel.recipient is not None
                return {"id": str(channel.id), "type": 1, "recipients": [self.person(channel.recipient)]}

    def message(self, message: Message) -> Json:
        world = self._world
        channel = world.channels[message.channel_id]
        written: Json = {
            "id": str(message.id),
            "channel_id": str(message.channel_id),
            "type": int(message.kind),
            "author": self.person(message.author),
            "content": message.body.content,
            "components": list(message.body.components),
            "embeds": list(message.body.embeds),
            "attachments": [self.file(file) for file in message.files],
            "flags": int(message.body.flags),
            "timestamp": _stamp(message.created_at),
            "edited_timestamp": _stamp(message.edits[-1].at) if message.edits else None,
            "mentions": [],
            "mention_roles": [],
            **dict.fromkeys(("tts", "mention_everyone", "pinned"), False),
        }
        if message.nonce is not None:
            written["nonce"] = message.nonce
        if channel.kind is not ChannelKind.DM:
            written["guild_id"] = str(world.guild_id)
        if message.id in world.channels:
            written["thread"] = self.channel(world.channels[message.id])
        return {**written, **self._origin(message)}

    def file(self, file: StoredFile) -> Json:
        size = file.size_px
        return {
            "id": str(file.id),
            "filename": file.filename,
            "size": len(file.data),
            "content_type": file.content_type,
            "url": self.file_url(file),
            "proxy_url": self.file_url(file),
            **({"width": size[0], "height": size[1]} if size else {}),
        }

    def file_url(self, file: StoredFile) -> str:
        return self._base_url + file.path

    def interaction(self, interaction: Interaction) -> Json:
        world = self._world
        channel = world.channels[interaction.channel_id]
        data = dict(interaction.data)
        if "resolved" in data:
            files = data["resolved"]["attachments"]
            data["resolved"] = {"attachments": {number: self.file(file) for number, file in files.items()}}
        written: Json = {
            "id": str(interaction.id),
            "application_id": str(world.bot.id),
            "token": interaction.token,
            "version": 1,
            "type": int(interaction.kind),
            "data": data,
            "channel_id": str(channel.id),
            "channel": {**self.channel(channel), "permissions": str(int(interaction.person.permissions))},
            "app_permissions": str(int(allowed(world, channel))),
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(world.guild_id)},
            "attachment_size_limit": UPLOAD_LIMIT_BYTES,
            **self._actor(interaction.person, channel),
        }
        if interaction.kind is InteractionKind.COMPONENT:
            assert interaction.clicked_message_id is not None
            clicked = world.message(interaction.clicked_message_id)
            assert clicked is not None
            written["message"] = self.message(clicked)
        return written

    def _actor(self, person: Person, channel: Channel) -> Json:
        if channel.kind is ChannelKind.DM:
            return {"user": self.person(person), "context": 1}
        guild = {"id": str(self._world.guild_id), "locale": "en-US", "features": []}
        member = {**self.member(person), "permissions": str(int(person.permissions))}
        return {"member": member, "guild_id": guild["id"], "guild": guild, "guild_locale": "en-US", "context": 0}

    def _membership(self, person: Person) -> Json:
        roles = [str(person.id)] if self._has_own_role(person) else []
        joined_at = LONG_AGO if person == self._world.bot else _stamp_of_id(person.id)
        return {"roles": roles, "joined_at": joined_at, "deaf": False, "mute": False, "flags": 0, "nick": None}

    def _has_own_role(self, person: Person) -> bool:
        return person.permissions != self._world.member.permissions

    def _roles(self) -> list[Json]:
        """Everyone's role, and one for each person who may do more; that role has the person's id."""
        world = self._world
        everyone = _role(world.guild_id, "@everyone", 0, int(world.member.permissions))
        special = [person for person in world.people if self._has_own_role(person)]
        own = [_role(one.id, one.name, place, int(one.permissions)) for place, one in enumerate(special, start=1)]
        return [everyone, *own]

    def _text_channel(self, channel: Channel) -> Json:
        return {
            "id": str(channel.id),
            "type": 0,
            "guild_id": str(self._world.guild_id),
            "name": channel.name,
            "position": 0,
            "permission_overwrites": [],
            "parent_id": None,
            "topic": None,
            "nsfw": False,
            "rate_limit_per_user": 0,
            "last_message_id": None,
        }

    def _thread(self, thread: Channel) -> Json:
        created = _stamp_of_id(thread.id)
        metadata = {"archived": False, "locked": False, "auto_archive_duration": 1440, "archive_timestamp": created}
        return {
            "id": str(thread.id),
            "type": 11,
            "guild_id": str(self._world.guild_id),
            "parent_id": str(thread.parent_id),
            "owner_id": str(thread.owner_id),
            "name": thread.name,
            "message_count": len(self._world.messages(thread)),
            "member_count": 1,
            "rate_limit_per_user": 0,
            "thread_metadata": {**metadata, "create_timestamp": created},
            "member": {"id": str(thread.id), "user_id": str(thread.owner_id), "join_timestamp": created, "flags": 0},
        }

    def _origin(self, message: Message) -> Json:
        """What a message came from: a reply or a command."""
        if message.reply_to_id is not None:
            reference = {"message_id": str(message.reply_to_id), "channel_id": str(message.channel_id)}
            return {"message_reference": reference}
        if message.interaction_id is not None:
            interaction = self._world.interactions[message.interaction_id]
            return {
                "webhook_id": str(self._world.bot.id),
                "application_id": str(self._world.bot.id),
                "interaction_metadata": {
                    "id": str(interaction.id),
                    "type": int(interaction.kind),
                    "user": self.person(interaction.person),
                    "authorizing_integration_owners": {"0": str(self._world.guild_id)},
                },
            }
        return {}


def _role(role_id: int, name: str, position: int, permissions: int) -> Json:
    return {
        "id": str(role_id),
        "name": name,
        "position": position,
        "permissions": str(permissions),
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "flags": 0,
        **dict.fromkeys(("hoist", "managed", "mentionable"), False),
    }


def _stamp(seconds_since_1970: float) -> str:
    return datetime.fromtimestamp(seconds_since_1970, tz=UTC).isoformat()


def _stamp_of_id(snowflake: int) -> str:
    return _stamp(((snowflake >> 22) + 1_420_070_400_000) / 1000)
