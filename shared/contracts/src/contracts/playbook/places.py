"""Where things happen: the channels that rules speak in."""

from typing import Annotated

from pydantic import BeforeValidator

from contracts.playbook.section import Section, key
from contracts.words import Mark


class Channel(Section):
    """A channel of the platform, and what members call it."""

    channel: Mark = key(..., "The platform's id of the channel.")
    name: str = key("", "What texts call it; empty: its id.", max_length=140)

    @property
    def label(self) -> str:
        """What texts call it."""
        return self.name or self.channel


def _channel(value: object) -> object:
    return {"channel": value} if isinstance(value, str) else value


ChannelOrId = Annotated[Channel, BeforeValidator(_channel)]


class Places(Section):
    """Channels by purpose; one that is left out is the general one, else the community itself."""

    welcome: ChannelOrId | None = key(None, "Where newcomers are welcomed, by mention.")
    help: ChannelOrId | None = key(None, "Where questions go; a post there is likelier to be one.")
    introductions: ChannelOrId | None = key(None, "Where new faces are introduced on Tuesdays and Thursdays.")
    thanks: ChannelOrId | None = key(None, "Where the weekly thanks are said.")
    general: ChannelOrId | None = key(None, "Where everything else goes: prompts, the weekly synthesis.")
    team: ChannelOrId | None = key(None, "Where the core team is told; none: a message to the role.")
