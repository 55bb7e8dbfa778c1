"""The words of the report, French and English. They speak to nobody by tu or vous, and of nobody by name."""

from collections.abc import Mapping

from chassis.look import tongue
from contracts.playbook.section import Language

PACKAGE = "digest.measures.report"


def texts(language: Language) -> Mapping[str, str]:
    """Every text of the page in a language. A test holds the two languages against each other."""
    return tongue.texts(PACKAGE, language)


class Tongue(tongue.Tongue):
    """One language of the page."""

    def __init__(self, language: Language) -> None:
        super().__init__(PACKAGE, language)

    def percent(self, value: int | None) -> str:
        """`40 %`, or that it may not be shown."""
        return self("hidden") if value is None else self("share", value=value)
