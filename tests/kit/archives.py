"""The archives of real communities, where they are beside the checkout."""

import os
from itertools import islice
from pathlib import Path

import pytest

from chassis.entry import Entry, read
from chassis.recording import lines

REPOSITORY = Path(__file__).parents[2]
ARCHIVES = Path(os.environ.get("RUCHE_ARCHIVES", REPOSITORY.parent / "shared" / "data"))


def archive_file(name: str) -> Path:
    """An archive's file; the test is skipped where it is not here."""
    path = ARCHIVES / f"{name}.ndjson.gz"
    if not path.exists():
        pytest.skip(f"the archive {path.name} is not here; RUCHE_ARCHIVES names its folder")
    return path


def archive(name: str, most: int) -> list[Entry]:
    """The first facts of an archive."""
    return [read(line.raw, seq=line.seq) for line in islice(lines(archive_file(name)), most)]
