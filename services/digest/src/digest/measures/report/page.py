"""The page, written: one file of HTML with everything in it, and nothing asked of anybody else."""

import asyncio
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from chassis.look import style
from chassis.pages import HTML, Reader, Shown, words
from digest.measures.report.view import View, viewed
from digest.measures.report.words import Tongue

NEEDS = "matplotlib"


@cache
def _template() -> Template:
    environment = Environment(undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string((files("digest.measures.report") / "page.html.j2").read_text("utf-8"))


def written(view: View) -> str:
    """The whole page of a community."""
    # What draws takes half a second to import: only a page that is asked for pays for it.
    from digest.measures.report.sections import Writer  # noqa: PLC0415

    say = Tongue(view.playbook.language)
    writer = Writer(view, say)
    voice = view.playbook.voice()
    own = view.playbook.digest.report_title
    veil = view.veil
    values: Mapping[str, Any] = {
        "say": say,
        "style": style(),
        "title": own or say("title", name=view.name),
        "day": say.day(view.today),
        "tiles": list(writer.tiles()),
        "parts": list(writer.parts()),
        "rounded": say("rounded", below=veil.below, step=veil.step, least=veil.least),
        "voice": voice,
    }
    return _template().render(values) + "\n"


async def report(reader: Reader, named: Mapping[str, str]) -> Shown:
    """`/report/{community}`: the page, or why there is none."""
    view = await viewed(reader, named["community"])
    if view is None:
        return words(HTTPStatus.NOT_FOUND, "Nothing has been heard of a community of that name.")
    if find_spec(NEEDS) is None:
        return words(
            HTTPStatus.NOT_IMPLEMENTED,
            "The report is drawn by matplotlib, which is not installed: `pip install 'ruche-digest[report]'`.",
        )
    # Drawing takes a second or so, which the log and the probes must not wait for.
    page = await asyncio.to_thread(written, view)
    return Shown(HTTPStatus.OK, HTML, page.encode())
