"""Converters: a platform's own export becomes facts. One module a platform, one way through for all of them."""

from collections.abc import Mapping
from types import MappingProxyType

from ruche.converters import discord, discourse, mattermost, mbox, slack, stackexchange, zulip
from ruche.converters.converting import Done, Platform, convert

PLATFORMS: Mapping[str, Platform] = MappingProxyType(
    {
        module.PLATFORM.name: module.PLATFORM
        for module in (discourse, slack, discord, zulip, mattermost, stackexchange, mbox)
    }
)
"""Every platform whose exports can be converted, by name."""

__all__ = ["PLATFORMS", "Done", "Platform", "convert"]
