import io

import pytest
from rich.console import Console

from contracts.decisions import MemberWelcomed, MessageRequested
from contracts.envelope import AnyEvent, Because
from contracts.zones import zone_or
from ruche import showing
from ruche.output import clean, one_line

UTC = zone_or(None, "UTC")
HOSTILE = "Zoé\x1b]0;owned\x07\x1b[2J\u202eeman\x9b31m [bold red]markup[/] :smile:"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mred", "a[31mred"),
        ("line\r\nfeed\rreturn", "line\nfeedreturn"),
        ("bell\x07 and C1 \x9b", "bell and C1 "),
        ("\u202eturned\u2066", "turned"),
        ("family 👨\u200d👩\u200d👧 stays", "family 👨\u200d👩\u200d👧 stays"),
        ("narrow\u202fspace", "narrow\u202fspace"),
        ("a\tb", "a b"),
    ],
)
def test_members_words_cannot_act_on_the_terminal(text: str, shown: str):
    assert clean(text) == shown


def test_one_line_is_one_line_and_cut():
    assert one_line("one\ntwo  three", 9) == "one two …"


def event(data) -> AnyEvent:
    return AnyEvent(id="d-1", source="/services/onboarding", type=data.TYPE, time="2026-03-02T09:00:00Z", data=data)


def printed(part) -> str:
    console = Console(file=io.StringIO(), force_terminal=True, color_system=None, width=200, markup=False, emoji=False)
    console.print(part)
    return console.file.getvalue()


REASON = (Because(rule="welcome.delay", threshold=10, actual=12, evidence=("e-1",)),)


def test_a_decision_is_one_line_with_its_reason():
    data = MemberWelcomed(
        community="atelier",
        because=REASON,
        playbook="v1",
        member="ana",
        joined_at="2026-03-02T08:50:00Z",
        gathering="g",
        together=2,
        way="mention",
        channel="bienvenue",
    )

    line = showing.line(event(data), UTC).plain

    assert line.startswith("2026-03-02 09:00:00  atelier  onboarding  member.welcomed")
    assert "ana  together=2" in line
    assert line.endswith("· welcome.delay (12 / 10)")


def test_a_message_is_framed_in_its_own_words_and_hostile_ones_are_only_words():
    data = MessageRequested(
        community="atelier",
        because=REASON,
        playbook="v1",
        request="d-1",
        to={
            "kind": "member",
            "id": HOSTILE.replace("\x1b", "").replace("\x07", "").replace("\x9b", "").replace("\u202e", ""),
        },
        purse="none",
        rule="welcome",
        kind="welcome",
        template="welcome",
        locale="fr-tu",
        title=HOSTILE,
        text=f"Bonjour {HOSTILE}",
        markdown="",
        html="",
        short=HOSTILE,
        sender="Camille",
        expires_at="2026-03-04T09:00:00Z",
        actions=({"id": "yes", "label": HOSTILE},),
    )

    for part in (showing.message(event(data), UTC), showing.line(event(data), UTC)):
        text = printed(part)
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(text)
        assert "[bold red]markup[/] :smile:" in text
