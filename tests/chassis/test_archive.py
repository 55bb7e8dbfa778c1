"""Archives: what the manifest says is what the file holds, and any other file is refused with its reason."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from chassis import archive
from chassis.archive import BadArchive, Manifest, StreamIdentity
from chassis.recording import Line
from chassis.replay import Digest
from facts import decided, joined

STREAM = StreamIdentity(name="EVENTS", created="2026-03-01T00:00:00Z", partitions=8)
AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
DECISION = decided("recognition", "stratum.raised", AT, member="ana", stratum="relay", previous="listening").to_json()


RAWS = [joined("ana", AT).to_json(), DECISION, b"{not json", joined("bo", AT).to_json()]
LINES = [
    Line(seq, AT + timedelta(seconds=seq), "3.member.joined.atelier.forum", raw)
    for seq, raw in zip((4, 5, 7, 9), RAWS, strict=True)
]


def written(path: Path, first: int = 3, last: int = 10) -> Manifest:
    with archive.writing(path) as writer:
        for line in LINES:
            writer.write(line)
    manifest = writer.tally.manifest(STREAM, first, last)
    archive.settle(path, manifest)
    return manifest


@pytest.mark.parametrize("name", ["log.ndjson", "log.ndjson.gz"])
def test_an_archive_gives_back_what_was_written_and_its_manifest_counts_it(tmp_path: Path, name: str):
    path = tmp_path / name
    written(path)

    manifest = archive.checked(path)
    unpacked = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    digest = Digest()
    digest.add("atelier", DECISION)

    assert list(archive.archived(path)) == LINES
    assert (manifest.first, manifest.last, manifest.messages, manifest.decisions) == (3, 10, 4, 1)
    assert manifest.types == {"member.joined": 2, "stratum.raised": 1, "unreadable": 1}
    assert (manifest.since, manifest.until) == (AT + timedelta(seconds=4), AT + timedelta(seconds=9))
    assert manifest.sha256_lines == sha256(unpacked).hexdigest()
    assert manifest.sha256_decisions == digest.hexdigest()
    assert manifest.stream == STREAM
    assert manifest.whole


def test_the_same_messages_make_the_same_packed_bytes(tmp_path: Path):
    written(tmp_path / "one.gz")
    written(tmp_path / "two.gz")

    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()


def test_nothing_but_the_two_files_is_left(tmp_path: Path):
    written(tmp_path / "log.ndjson")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["log.ndjson", "log.ndjson.manifest.json"]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b'"ana"', b'"eva"', "sha256_lines"),
        (b'{"seq":9', b'{"seq":11', "not the next message"),
        (b'{"seq":5', b'{"seq":4', "not the next message"),
        (b'{"seq":7', b'{"seq": 7', "sha256_lines"),
    ],
)
def test_an_altered_line_is_told(tmp_path: Path, old: bytes, new: bytes, what: str):
    path = tmp_path / "log.ndjson"
    written(path)
    path.write_bytes(path.read_bytes().replace(old, new))

    with pytest.raises(BadArchive, match=what):
        archive.checked(path)


def test_a_line_that_is_missing_or_a_file_that_is_cut_is_told(tmp_path: Path):
    path = tmp_path / "log.ndjson"
    written(path)
    whole = path.read_bytes()

    path.write_bytes(b"".join(whole.splitlines(keepends=True)[:-1]))
    with pytest.raises(BadArchive, match=r"messages|until"):
        archive.checked(path)

    packed = tmp_path / "log.gz"
    written(packed)
    packed.write_bytes(packed.read_bytes()[:-20])
    with pytest.raises(BadArchive, match="cannot be read to its end"):
        archive.checked(packed)


def test_a_missing_or_broken_manifest_is_told(tmp_path: Path):
    path = tmp_path / "log.ndjson"
    written(path)
    archive.manifest_path(path).write_text(json.dumps({"format": 2}))
    with pytest.raises(BadArchive, match="cannot be read"):
        archive.checked(path)

    archive.manifest_path(path).unlink()
    with pytest.raises(BadArchive, match="has no manifest"):
        archive.checked(path)
