"""The sample exports of `tests/convert/samples`, converted. The people in them are invented."""

import json
from pathlib import Path
from typing import Any

from ruche.converters import PLATFORMS, Done, convert

HERE = Path(__file__).parents[1] / "convert"
SAMPLES = {name: HERE / "samples" / name for name in PLATFORMS} | {"discourse": HERE / "samples" / "discourse.sql"}


def converted(platform: str, path: Path | None = None, **options: Any) -> tuple[Done, list[dict[str, Any]]]:
    """How a conversion went, and its facts."""
    lines: list[bytes] = []
    options = {"community": "atelier", **options}
    done = convert(PLATFORMS[platform], path or SAMPLES[platform], write=lines.append, **options)
    return done, [json.loads(line) for line in lines]
