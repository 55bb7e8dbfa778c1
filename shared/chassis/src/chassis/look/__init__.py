"""How a page of Ruche looks: one style for light and dark, wide and narrow; plots that take their colours from it."""

from functools import cache
from importlib.resources import files


@cache
def style() -> str:
    """The style sheet that every page carries inside of it."""
    return (files("chassis.look") / "page.css").read_text("utf-8").strip()
