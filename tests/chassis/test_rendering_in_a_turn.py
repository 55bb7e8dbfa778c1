"""A rule that needs words for a decision has them from its turn, in the community's voice, and sends nothing."""

import json

from chassis.entry import read
from chassis.fold import Fold
from chassis.memory import CompleteShelf
from chassis.rendering import Texts
from chassis.service import Service
from contracts.facts import MemberSeen
from parlour import parlour

HEARD = []


def words(turn, event):
    values = {"name": event.data.member, "title": "Grille-*pain*", "count": 2, "helpers": ["Ana", "Bea"]}
    HEARD.append(turn.render("word", values))


def fact(event_type, source, **data):
    return json.dumps(
        {
            "specversion": "1.0",
            "id": f"{event_type}/{data.get('member') or data.get('version')}",
            "source": source,
            "type": event_type,
            "time": "2026-03-03T10:00:00Z",
            "data": {"community": "atelier", **data},
        }
    ).encode()


def test_words_come_in_every_format_in_the_voice_of_the_community_or_by_its_override(tmp_path, monkeypatch):
    HEARD.clear()
    package = parlour(tmp_path, monkeypatch, "parlour_in_a_turn")
    service = Service(name="onboarding", package=package, tables=(), reacts={MemberSeen: (words,)}, emits=())
    shelf = CompleteShelf(service)
    fold = Fold(service, shelf, Texts(package))
    override = "{% block title %}T{% endblock %}{% block body %}{{ name }} à {{ community_name }}{% endblock %}"
    french = {"name": "L'Atelier", "language": "fr", "register": "tu"}

    said = [
        decision
        for seq, raw in enumerate(
            (
                fact("member.seen", "/forum", member="zoe"),
                fact("community.configured", "/operator", version="1", playbook=french),
                fact("member.seen", "/forum", member="ana"),
                fact(
                    "community.configured",
                    "/operator",
                    version="2",
                    playbook={**french, "messages": {"word": {"fr-tu": override}}},
                ),
                fact("member.seen", "/forum", member="bea"),
            ),
            1,
        )
        for decision in fold.take(read(raw, seq=seq))
    ]

    assert said == []
    assert shelf.letters == []
    assert [text.title for text in HEARD] == ["A word for zoe", "Un mot pour ana", "T"]
    assert "\\*pain\\*" in HEARD[1].markdown
    assert HEARD[1].html.startswith("<p>Bonjour ana, as-tu lu")
    assert HEARD[2].text == "bea à L'Atelier"
