"""Text: how posts are read, sentence by sentence, in the person's own words."""

import re

_WORD = re.compile(r"[^\W_]+")
_QUOTED_LINE = re.compile(r"(?m)^\s*>.*$")
_CODE_BLOCK = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_SENTENCE = re.compile(r"[^.!?…\n]*(?:[.!?…]+|\n|$)")


def spoken(text: str) -> str:
    """The person's own words: no quotes, no code, no addresses."""
    if "`" in text:
        text = _CODE.sub(" ", _CODE_BLOCK.sub(" ", text))
    if ">" in text:
        text = _QUOTED_LINE.sub(" ", text)
    if "://" in text or "www." in text:
        text = _ADDRESS.sub(" ", text)
    return text


def sentences(flat_text: str) -> list[str]:
    """The sentences of a flat text in order, each with its closing mark; empty ones are left out."""
    return [found for match in _SENTENCE.findall(flat_text) if _WORD.search(found := match.strip())]


def words(flat_text: str) -> list[str]:
    """The words of a flat text."""
    return _WORD.findall(flat_text)
