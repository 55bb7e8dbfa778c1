"""Exports that are broken, or were made to break something: said, counted, survived."""

import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ruche.converters import PLATFORMS, Done
from ruche.converters.drafts import BadExport
from ruche.converters.exports import is_safe
from ruche.converters.pg_dump import records
from samples import SAMPLES, converted

HUGE = "9" * 400


def zipped(path: Path, files: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def sample(platform: str) -> dict[str, str | bytes]:
    folder = SAMPLES[platform]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def tarred(path: Path, files: dict[str, bytes], *, links: dict[str, str] | None = None) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for name, target in (links or {}).items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            archive.addfile(info)
    return path


def of(platform: str, path: Path, **options: Any) -> tuple[Done, list[dict[str, Any]]]:
    return converted(platform, path, **options)


@pytest.mark.parametrize("platform", ["slack", "discord", "zulip", "mattermost", "stackexchange", "mbox"])
def test_a_folder_a_zip_with_a_folder_around_it_and_a_packed_tar_are_the_same_export(platform: str, tmp_path: Path):
    files = sample(platform)
    archive = zipped(tmp_path / "e.zip", {f"my export/{name}": content for name, content in files.items()})
    packed = tarred(tmp_path / "e.tar.gz", {f"./e/{name}": bytes(content) for name, content in files.items()})

    _, expected = converted(platform)

    assert of(platform, archive)[1] == expected
    assert of(platform, packed)[1] == expected


def test_a_discourse_backup_is_a_tar_with_a_packed_dump_beside_uploads(tmp_path: Path):
    dump = gzip.compress(SAMPLES["discourse"].read_bytes())
    backup = tarred(tmp_path / "b.tar.gz", {"dump.sql.gz": dump, "uploads/default/x.jpg": b"\xff" * 1000})

    assert of("discourse", backup)[1] == converted("discourse")[1]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("general/2026-01-02.json", True),
        ("../../etc/cron.json", False),
        ("a/../../b.json", False),
        ("/etc/passwd.json", False),
        ("C:/x.json", False),
        ("a\\..\\b.json", False),
        ("a\0b.json", False),
        ("", False),
    ],
)
def test_names_that_lead_outside_are_known(name: str, safe: bool):
    assert is_safe(name) is safe


def test_members_that_lead_outside_are_reported_and_never_opened_or_written(tmp_path: Path):
    inside = tmp_path / "in"
    inside.mkdir()
    secret = json.dumps([{"type": "message", "user": "U0EVE", "ts": "1767340900.000200", "text": "stolen"}]).encode()
    files = {**sample("slack"), "../general/2026-01-09.json": secret, "/general/2026-01-10.json": secret}
    archive = zipped(inside / "e.zip", files)
    packed = tarred(
        inside / "e.tar.gz",
        {name: bytes(content) for name, content in files.items()},
        links={"general/2026-01-11.json": "/etc/passwd"},
    )

    for path, more in ((archive, 2), (packed, 3)):
        done, found = of("slack", path)
        assert found == converted("slack")[1]
        assert done.findings.bad == 1 + more
        assert "leads outside" in done.findings.shown[0].what
    assert sorted(entry.name for entry in tmp_path.rglob("*")) == ["e.tar.gz", "e.zip", "in"]


def test_a_link_in_a_folder_is_not_followed(tmp_path: Path):
    folder = tmp_path / "e"
    for name, content in sample("slack").items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(bytes(content))
    (folder / "general" / "2026-01-12.json").symlink_to("/etc/hostname")

    done, found = of("slack", folder)

    assert found == converted("slack")[1]
    assert done.findings.bad == 2


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_is_no_export_of_the_platform_is_refused_with_what_would_be(platform: str, tmp_path: Path):
    wrong = tmp_path / "holiday.txt"
    wrong.write_text("Dear Lou, the sea is blue.\n")
    empty = tmp_path / "empty"
    empty.mkdir()

    for path in (wrong, empty):
        with pytest.raises(BadExport) as refused:
            of(platform, path)
        assert refused.value.cure


def test_a_7z_archive_and_somebodys_own_discord_package_are_refused_in_words(tmp_path: Path):
    seven = tmp_path / "site.7z"
    seven.write_bytes(b"7z\xbc\xaf\x27\x1c" + b"\0" * 64)
    package = zipped(tmp_path / "package.zip", {"messages/index.json": "{}", "account/user.json": "{}"})

    with pytest.raises(BadExport, match="7z x"):
        of("stackexchange", seven)
    with pytest.raises(BadExport, match="one person"):
        of("discord", package)


def test_a_truncated_archive_gives_what_stands_before_the_break(tmp_path: Path):
    dump = gzip.compress(SAMPLES["discourse"].read_bytes())
    broken = tmp_path / "dump.sql.gz"
    broken.write_bytes(dump[: len(dump) * 3 // 4])

    with pytest.raises(BadExport):
        # Users stand at the end of a dump, and nothing is a fact without its topic.
        of("discourse", broken)
    cut = tmp_path / "general.json"
    cut.write_bytes((SAMPLES["discord"] / "general.json").read_bytes()[:1500])
    done, found = of("discord", cut)

    assert [fact["type"] for fact in found].count("post.created") == 1
    assert "breaks off" in done.findings.shown[0].what
    whole = tarred(tmp_path / "w.tar.gz", {name: bytes(body) for name, body in sample("zulip").items()})
    whole.write_bytes(whole.read_bytes()[:200])
    with pytest.raises(BadExport, match="cannot be read"):
        of("zulip", whole)


def test_xml_that_declares_entities_is_not_expanded(tmp_path: Path):
    bomb = '<!DOCTYPE posts [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    files = {**sample("stackexchange")}
    files["Comments.xml"] = f'<?xml version="1.0"?>{bomb}<comments><row Id="1" PostId="1" Text="&b;"/></comments>'

    done, found = of("stackexchange", zipped(tmp_path / "s.zip", files))

    assert "document type" in done.findings.shown[1].what
    assert not [fact for fact in found if fact["data"].get("kind") == "comment"]


def slack_day(*messages: dict[str, Any]) -> dict[str, str | bytes]:
    return {**sample("slack"), "general/2026-01-02.json": json.dumps(list(messages))}


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"user": "U0ANA", "ts": HUGE, "text": "x"}, "no time of Slack"),
        ({"user": "U0ANA", "ts": "1767340900.000200'; --", "text": "x"}, "no time of Slack"),
        ({"user": "U0ANA", "ts": 1767340900, "text": "x"}, "it has no ts"),
        ({"user": "U\u202e0", "ts": "1767340900.000200", "text": "x"}, "pattern"),
        ({"user": "x" * 200, "ts": "1767340900.000200", "text": "x"}, "128"),
        ({"ts": "1767340900.000200", "text": "x"}, "neither user nor bot_id"),
        (
            {
                "user": "U0ANA",
                "ts": "1767340900.000200",
                "text": "x",
                "reactions": [{"name": "a", "users": [], "count": 10**12}],
            },
            "reactions of one kind",
        ),
    ],
)
def test_a_record_that_is_no_fact_is_counted_and_the_rest_goes_on(message: dict[str, Any], words: str, tmp_path: Path):
    good = {"type": "message", "user": "U0ANA", "ts": "1767340950.000200", "text": "Still here"}

    done, found = of("slack", zipped(tmp_path / "s.zip", slack_day({"type": "message", **message}, good)))

    assert "Still here" in [fact["data"].get("body") for fact in found]
    assert words in done.findings.shown[0].what + done.findings.shown[-1].what


def test_half_characters_and_nul_do_not_stop_a_message(tmp_path: Path):
    raw = '[{"type": "message", "user": "U0ANA", "ts": "1767340900.000200", "text": "a\\u0000b \\ud83d c"}]'

    done, found = of("mattermost", _post(tmp_path, "a\\u0000b c"))
    assert [fact["data"]["body"] for fact in found if fact["type"] == "post.created"] == ["ab c"]
    done, _ = of("slack", zipped(tmp_path / "s.zip", {**sample("slack"), "general/2026-01-02.json": raw}))

    assert "no JSON" in done.findings.shown[0].what


def _post(folder: Path, text: str) -> Path:
    lines = [
        '{"type":"channel","channel":{"name":"c","type":"O"}}',
        '{"type":"post","post":{"channel":"c","user":"ana","message":"' + text + '","create_at":1767340900000}}',
    ]
    path = folder / "import.jsonl"
    path.write_text("\n".join(lines))
    return path


def test_deep_nesting_is_a_bad_record(tmp_path: Path):
    deep = _post(tmp_path, "x")
    deep.write_text(deep.read_text() + "\n" + '{"type":"post","post":' + "[" * 5000 + "]" * 5000 + "}")

    done, found = of("mattermost", deep)

    assert done.findings.bad == 1
    assert [fact["type"] for fact in found].count("post.created") == 1


def test_mails_that_refer_to_each_other_in_a_ring_are_one_thread(tmp_path: Path):
    mails = [
        f"From a@example.org Fri Jan  2 1{n}:00:00 2026\nFrom: a@example.org\nDate: Fri, 2 Jan 2026 1{n}:00:00 +0000\n"
        f"Message-ID: <m{n}>\nReferences: <m{(n + 1) % 3}>\n\nWords\n\n"
        for n in range(3)
    ]
    path = tmp_path / "ring.mbox"
    path.write_text("".join(mails))

    _, found = of("mbox", path)

    assert len({fact["data"]["thread"] for fact in found if fact["type"] == "post.created"}) == 1


def test_a_line_of_a_dump_is_read_as_postgres_wrote_it():
    head = b'COPY public."odd" (id, "text", none) FROM stdin;\n'
    dump = head + b"1\ta\\tb\\nc\\\\d\\x41\t\\N\n\\.\nCOPY public.other (id) FROM stdin;\n2\n\\.\n"

    [record] = records(io.BytesIO(dump), {"odd"})

    assert record.row == {"id": "1", "text": "a\tb\nc\\dA", "none": None}
