"""Facts for stories: those of the kit that platforms install."""

from ruche_replay.facts import *  # noqa: F403
