"""What counts as a human reply: a post by somebody else, a person, that is more than "me too"."""

import re
from functools import lru_cache
from typing import Protocol

from contracts.skills import fold

_ME_TOO = (
    *("moi aussi", "moi pareil", "moi de meme", "pareil", "pareil ici", "pareil pour moi", "pareillement"),
    *("idem", "idem ici", "idem pour moi", "de meme", "meme probleme", "meme probleme ici", "meme souci"),
    *("meme souci ici", "meme question", "meme chose", "meme chose ici", "meme cas", "j ai le meme probleme"),
    *("j ai le meme souci", "j ai la meme question", "je suis dans le meme cas", "dans le meme cas"),
    *("up", "petit up", "je up", "un petit up", "je remonte", "je remonte le sujet", "remontee", "plus un"),
    *("je plussoie", "suivi", "je suis le sujet", "ca m interesse", "ca m interesse aussi", "interesse aussi"),
    *("interessee aussi", "+1", "+ 1", "++", "+", "+10", "+100", "+1000", "1+"),
    *("me too", "metoo", "me 2", "me three", "same", "same here", "same problem", "same problem here"),
    *("same issue", "same issue here", "same question", "same question here", "same for me", "ditto", "bump"),
    *("bumping", "bumping this", "plus one", "following", "following this", "interested too", "also interested"),
    *("i have the same problem", "i have the same issue", "i have the same question", "having the same issue"),
    *("having the same problem", "i have this too", "seconded", "i second this", "this"),
)
_AROUND = (
    *("bonjour", "bonsoir", "salut", "coucou", "hello", "hi", "hey", "ah", "oh", "oui", "ouais", "ben", "et", "yes"),
    *("yep", "yeah", "aussi", "too", "merci", "thanks", "please", "svp", "stp", "s il vous plait", "s il te plait"),
    *("all", "everyone", "tous", "a tous", "a toutes", "for me", "pour moi", "ici", "here", "lol", "haha", "mdr"),
)
LISTENED = (*_ME_TOO, *_AROUND)
"""All phrases by which a reply is told to be bare."""
_LONGEST_BARE = 80
_RAISED = re.compile("[\U0001f44d\U0001f446\u261d\u2b06\U0001f53c\U0001f199\u2795]")
"""Thumbs, upward fingers and arrows, UP!, plus: the same thing without a word."""


def _either(phrases: tuple[str, ...]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=lambda phrase: (-len(phrase), phrase)))


_BARE = re.compile(rf"(?:(?:{_either(_AROUND)}) )*(?:{_either(_ME_TOO)})(?: (?:{_either(_ME_TOO + _AROUND)}))*")


class Post(Protocol):
    """What is read of a post."""

    @property
    def member(self) -> str | None:
        """Who wrote it."""

    @property
    def body(self) -> str:
        """What it says."""

    @property
    def bot(self) -> bool:
        """Whether the platform says that a program wrote it."""


@lru_cache(maxsize=64)
def is_bare(body: str) -> bool:
    """Whether a text says no more than "me too", "up", "+1", "pareil" or a close variant. Several rules ask of a post.

    Case, accents, punctuation and emoji around the words do not matter; greetings and thanks around them neither. A
    word of one's own makes it a reply.
    """
    if len(body) > _LONGEST_BARE:
        return False
    folded = fold(body)
    if not folded:
        return _RAISED.search(body) is not None
    return _BARE.fullmatch(folded) is not None


def is_human_reply(post: Post, *, to: str | None, bot: bool = False) -> bool:
    """Whether a post in a thread is a human reply to the author of what it answers.

    Args:
        post: the post; one whose author the platform does not tell is a reply, of somebody.
        to: the author answered; None while unknown, and then anybody's post counts.
        bot: whether its author is known as a bot.
    """
    if bot or post.bot or (to is not None and post.member == to):
        return False
    return not is_bare(post.body)
