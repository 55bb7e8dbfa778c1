"""The real archives decode whole and unchanged. They are no part of the repository."""

import gzip
import json
import os
from pathlib import Path

import pytest

from contracts.wire import decode, encode

FOLDER = Path(os.environ.get("RUCHE_ARCHIVES") or Path(__file__).parents[3] / "shared" / "data")


@pytest.mark.parametrize(("name", "count"), [("qc-stackexchange.ndjson.gz", 25_789), ("fcc-gitter.ndjson.gz", 89_629)])
def test_an_archive_decodes_whole(name, count):
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{name} is not here: put it in {FOLDER} or name its folder in RUCHE_ARCHIVES")

    seen = 0
    with gzip.open(path) as lines:
        for number, line in enumerate(lines):
            event = decode(line)
            seen += 1
            if number % 50 == 0:
                assert decode(encode(event)) == event
                told = json.loads(line)["data"]
                kept = json.loads(encode(event))["data"]
                assert all(kept[field] == value for field, value in told.items() if value is not None)

    assert seen == count
