"""The courier: when a message goes, waits, is withheld, called back or redacted; what it carries."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from chassis.entry import read
from chassis.fold import Fold
from chassis.memory import CompleteShelf
from chassis.rendering import Texts
from chassis.replay import tick
from chassis.service import Service
from contracts.envelope import Because
from contracts.facts import MemberSeen, MemberUpdated
from contracts.identity import tail
from contracts.turn import Act, Message, To
from parlour import parlour

MORNING = datetime(2026, 3, 3, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def wish(turn, event, **more):
    member = event.data.member
    message = Message(
        key=event.id,
        rule="nudge",
        kind="nudge",
        template="word",
        to=To(kind="member", id=member),
        purse="attention",
        lifetime=timedelta(hours=24),
        values={"name": member, "title": "Grille-pain", "count": 1, "helpers": ("Ana",)},
        actions=(Act(id="look", label="look"),),
        because=(Because(rule="nudge", threshold=1, actual=1, evidence=(event.id,)),),
    )
    turn.request(structs.replace(message, **more))


def ask(turn, event):
    match event.data.member.partition("-")[0]:
        case "channel":
            to = To(kind="channel", id="accueil")
            wish(turn, event, to=to, purse="none", mentions=("ana",), rule="welcome", kind="welcome")
        case "reply":
            wish(turn, event, purse="reply")
        case "duty":
            wish(turn, event, purse="duty", lifetime=timedelta(hours=48))
        case _:
            wish(turn, event)


def recall(turn, event):
    turn.recall("nudge", event.data.display_name, to=To(kind="member", id=event.data.member), why="done")


@pytest.fixture
def story(tmp_path, monkeypatch):
    return Story(parlour(tmp_path, monkeypatch, "parlour_courier"))


class Story:
    def __init__(self, package):
        self.service = Service(
            name="onboarding",
            package=package,
            tables=(),
            reacts={MemberSeen: (ask,), MemberUpdated: (recall,)},
            emits=(),
        )
        self.shelf = CompleteShelf(self.service)
        self._fold = Fold(self.service, self.shelf, Texts(package))
        self._seq = 0

    def decisions(self, at, event_type="member.seen", source="/forum", backfill=False, name=None, **data):
        self._seq += 1
        event = {
            "specversion": "1.0",
            "id": name or f"e{self._seq}",
            "source": source,
            "type": event_type,
            "time": at.isoformat(),
            "backfill": backfill,
            "data": {"community": "atelier"} | data,
        }
        entry = read(json.dumps(event).encode(), seq=self._seq)
        assert entry.refusal is None, entry.refusal
        decided = self._fold.take(entry)
        assert self.shelf.letters == []
        return decided

    def when(self, at, event_type="member.seen", **more):
        return [(d.type, d.time, d.data) for d in self.decisions(at, event_type, **more)]

    def until(self, at):
        self._seq += 1
        raw = tick("atelier", at).to_json()
        return [(d.type, d.time, d.data) for d in self._fold.take(read(raw, seq=self._seq))]

    def unmuted(self, at=MORNING - HOUR):
        self.when(at, event_type="community.unmuted", source="/operator", by="ops")
        return self


def types(said):
    return [kind for kind, _, _ in said]


def test_by_day_with_an_empty_purse_a_message_goes_at_once_with_everything_it_needs(story):
    ((kind, at, data),) = story.unmuted().when(MORNING, member="ana")

    assert (kind, at, data.muted) == ("message.requested", MORNING, False)
    assert data.text.startswith('Hello ana, have you read "Grille-pain"?')
    assert data.text.endswith("answer “stop”.")
    assert data.locale == "en"
    assert data.expires_at == MORNING + timedelta(hours=24)
    assert [action.id for action in data.actions] == ["look", "stop"]
    assert data.actions[0].fact.type == "request.answered"
    assert data.actions[0].fact.data["request"] == data.request
    assert data.actions[0].fact.data["member"] == "ana"
    assert data.actions[1].fact.data == {"community": "atelier", "member": "ana", "stop": ["nudge"]}


def test_its_request_is_the_id_of_the_event(story):
    story.unmuted()
    (decision,) = story.decisions(MORNING, member="ana")

    assert decision.data.request == decision.id


def test_a_second_message_waits_for_the_purse_and_goes_when_it_allows(story):
    story.unmuted().when(MORNING, member="ana")
    assert story.when(MORNING + HOUR, member="ana") == []

    ((kind, at, _),) = story.until(MORNING + timedelta(hours=23, minutes=30))

    # 20 h after the first is 06:00; the day begins at 08:00, spread over its first hour.
    assert kind == "message.requested"
    assert datetime(2026, 3, 4, 8, tzinfo=UTC) <= at < datetime(2026, 3, 4, 9, tzinfo=UTC)


def test_what_cannot_go_before_it_expires_is_withheld_with_the_rule(story):
    story.unmuted(MORNING - timedelta(days=2))
    story.when(MORNING - timedelta(days=1), member="ana")
    story.when(MORNING, member="ana")
    story.when(MORNING + timedelta(days=1), member="ana")

    ((kind, _, data),) = story.when(MORNING + timedelta(days=2), member="ana")

    assert (kind, data.why, data.rule) == ("message.withheld", "expired", "nudge")
    assert data.because[0].rule == "message.expired"


def test_a_message_in_the_night_waits_for_the_morning_of_its_recipient(story):
    story.unmuted()
    story.when(MORNING, event_type="member.joined", member="ana", timezone="America/New_York")

    assert story.when(datetime(2026, 3, 3, 12, tzinfo=UTC), member="ana") == []
    ((_, at, _),) = story.until(datetime(2026, 3, 3, 14, tzinfo=UTC))
    assert datetime(2026, 3, 3, 13, tzinfo=UTC) <= at < datetime(2026, 3, 3, 14, tzinfo=UTC)


def test_a_reply_goes_at_any_hour_and_out_of_no_purse(story):
    night = datetime(2026, 3, 3, 2, tzinfo=UTC)
    story.unmuted(night - HOUR)

    assert types(story.when(night, member="reply-1")) == ["message.requested"]
    assert types(story.when(night + HOUR, member="reply-1")) == ["message.requested"]


def test_duty_allows_three_in_twenty_hours_two_hours_apart(story):
    story.unmuted()
    times = [story.when(MORNING + n * timedelta(minutes=30), member="duty-1") for n in range(5)]
    later = story.until(MORNING + timedelta(hours=30))

    assert [[at for _, at, _ in said] for said in times] == [[MORNING], [], [], [], [MORNING + 2 * HOUR]]
    went = [at for kind, at, _ in later if kind == "message.requested"]
    assert went[0] == MORNING + 4 * HOUR
    # The window is full until 06:00; the day begins at 08:00, spread over its first hour.
    assert datetime(2026, 3, 4, 8, tzinfo=UTC) <= went[1] < datetime(2026, 3, 4, 9, tzinfo=UTC)


def test_what_another_service_asks_counts_in_the_same_purse(story):
    story.unmuted()
    other = {
        "request": "r1",
        "to": {"kind": "member", "id": "ana"},
        "purse": "attention",
        "rule": "thanks",
        "kind": "thanks",
        "template": "thanks",
        "locale": "en",
        "text": "t",
        "markdown": "t",
        "html": "t",
        "short": "t",
        "sender": "Camille",
        "expires_at": (MORNING + HOUR).isoformat(),
        "because": [{"rule": "thanks"}],
        "playbook": "1",
    }
    story.when(MORNING - 2 * HOUR, event_type="member.joined", member="ana")
    story.when(MORNING - HOUR, event_type="message.requested", source="/services/recognition", **other)

    assert story.when(MORNING, member="ana") == []


def test_a_muted_community_decides_everything_and_spends_no_purse(story):
    first = story.when(MORNING, member="ana")
    second = story.when(MORNING + HOUR, member="ana")

    assert [data.muted for _, _, data in first + second] == [True, True]


def test_one_rule_can_be_unmuted_and_the_kill_switch_mutes_it_again(story):
    story.when(MORNING, event_type="community.unmuted", source="/operator", by="ops", rules=["nudge"])
    assert story.when(MORNING, member="ana")[0][2].muted is False
    assert story.when(MORNING, member="channel-1")[0][2].muted is True

    story.when(MORNING + HOUR, event_type="community.muted", source="/operator", by="ops")
    assert story.when(MORNING + HOUR, member="bea")[0][2].muted is True


def test_history_says_nothing(story):
    assert story.unmuted().when(MORNING, member="ana", backfill=True) == []


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ({"event_type": "member.left", "reason": "left"}, "left"),
        ({"event_type": "member.left", "reason": "deceased"}, "deceased"),
        ({"event_type": "preference.changed", "stop": ["nudge"]}, "stopped"),
        ({"event_type": "member.paused"}, "paused"),
    ],
)
def test_nobody_who_left_stopped_or_rests_is_written_to(story, before, why):
    story.unmuted()
    story.when(MORNING - timedelta(minutes=30), member="ana", **before)
    said = _wished_by_somebody_else(story)

    assert [(kind, data.why) for kind, _, data in said] == [("message.withheld", why)]


def _wished_by_somebody_else(story):
    """The same wish, made because of another's act: one's own act would bring back somebody who left."""

    def about_ana(turn, event):
        wish(turn, event, to=To(kind="member", id="ana"))

    other = replace(story.service, reacts={MemberSeen: (about_ana,)})
    fold = Fold(other, story.shelf, Texts(story.service.package))
    event = {
        "specversion": "1.0",
        "id": "w",
        "source": "/forum",
        "type": "member.seen",
        "time": MORNING.isoformat(),
        "data": {"community": "atelier", "member": "bea"},
    }
    return [(d.type, d.time, d.data) for d in fold.take(read(json.dumps(event).encode(), seq=10_000))]


def test_a_pause_with_an_end_holds_a_message_until_then(story):
    story.unmuted()
    until = MORNING + timedelta(hours=4)
    story.when(MORNING - HOUR, event_type="member.paused", member="ana", until=until.isoformat())

    assert _wished_by_somebody_else(story) == []
    assert [at for _, at, _ in story.until(MORNING + timedelta(hours=5))] == [until]


def test_leaving_takes_back_what_is_sent_and_not_delivered_and_what_waits(story):
    story.unmuted().when(MORNING, member="ana")
    story.when(MORNING + HOUR, member="ana")

    said = story.when(MORNING + 2 * HOUR, event_type="member.left", member="ana", reason="left")

    assert [(kind, data.why) for kind, _, data in said] == [("message.cancelled", "left"), ("message.withheld", "left")]
    assert story.until(MORNING + timedelta(days=2)) == []


def test_what_was_delivered_is_not_taken_back(story):
    ((_, _, data),) = story.unmuted().when(MORNING, member="ana")
    story.when(MORNING + HOUR, event_type="message.delivered", request=data.request)

    assert story.when(MORNING + 2 * HOUR, event_type="member.left", member="ana", reason="left") == []


def test_a_wish_that_lost_its_point_is_recalled_by_rule_key_and_recipient(story):
    story.unmuted().when(MORNING, member="ana", name="first")

    ((kind, _, data),) = story.when(MORNING + HOUR, event_type="member.updated", member="ana", display_name="first")

    assert (kind, data.mode, data.why) == ("message.cancelled", "withdraw", "done")


def test_the_cancelling_of_a_request_that_went_out_later_keeps_the_hash_of_its_id(tmp_path, monkeypatch):
    def cancelled(package, wished_at):
        told = Story(parlour(tmp_path, monkeypatch, package)).unmuted()
        told.decisions(wished_at, member="ana", name="first")
        (said,) = told.decisions(
            MORNING + HOUR, event_type="member.updated", member="ana", display_name="first", name="over"
        )
        return said

    early, late = cancelled("parlour_early", MORNING), cancelled("parlour_late", MORNING + HOUR / 2)

    assert early.data.request != late.data.request
    assert tail(early.data.request) == tail(late.data.request)
    assert early.id == late.id


def test_erasure_redacts_public_texts_that_name_the_person_and_forgets_the_rest_without_a_word(story):
    story.unmuted()
    ((_, _, public),) = story.when(MORNING, member="channel-1")
    story.when(MORNING, member="ana")

    said = story.when(MORNING + HOUR, event_type="member.erased", member="ana")

    assert [(kind, data.request, data.mode) for kind, _, data in said] == [
        ("message.cancelled", public.request, "redact")
    ]
    remembered = repr([row for rows in story.shelf.rows.values() for row in rows.items()])
    assert "'ana'" not in remembered


def test_what_waits_since_before_an_import_goes_at_its_hour_and_is_no_history(story):
    story.unmuted()
    night = datetime(2026, 3, 3, 22, tzinfo=UTC)
    assert story.when(night, member="ana") == []
    story.when(night - timedelta(days=300), member="old", backfill=True)

    (sent,) = story.decisions(night + timedelta(days=1), member="bea", backfill=True)

    assert (sent.type, sent.data.to.id, sent.backfill) == ("message.requested", "ana", False)
