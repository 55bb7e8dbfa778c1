"""The shipped bank of prompts, read from the package's files: each question in French, twice, and in English."""

import tomllib
from importlib.resources import files

from digest.rules.bank import Bank, Prompt


class UnevenBank(ValueError):  # noqa: N818 - says what is the case
    """The files of the bank do not hold the same prompts: a defect of the package, raised at start."""


def load_bank() -> Bank:
    """Every prompt, in the order of the French file. Raises UnevenBank."""
    french, english = _read("fr"), _read("en")
    if list(french) != list(english):
        raise UnevenBank("prompts/fr.toml and prompts/en.toml do not hold the same prompts in the same order")
    return tuple(
        Prompt(
            prompt=name,
            subject=french[name]["subject"],
            words=(
                ("fr-tu", french[name]["tu"]),
                ("fr-vous", french[name]["vous"]),
                ("en", english[name]["text"]),
            ),
        )
        for name in french
    )


def _read(language: str) -> dict[str, dict[str, str]]:
    """The prompts of a file by id: `<subject>-<number>`, in the order in which they are written."""
    document = tomllib.loads((files("digest") / "prompts" / f"{language}.toml").read_text("utf-8"))
    found = {}
    for subject, entries in document.items():
        for number, entry in enumerate(entries, 1):
            words = {"text": entry} if isinstance(entry, str) else entry
            found[f"{subject}-{number:02}"] = {"subject": subject, **words}
    return found


BANK = load_bank()
"""Read once: a file of the package, as the code is."""
