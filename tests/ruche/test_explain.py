from chassis.entry import read
from ruche import explain, services
from ruche.commands.send import made


def story(*said: tuple[str, ...]) -> list:
    """A log: the time of the day and the words of `ruche send`."""
    entries = []
    for seq, (at, *words) in enumerate(said, 1):
        fact = made([words[0], "community=atelier", *words[1:]], source=None, event_id=None, at=f"2026-03-02T{at}Z")
        entries.append(read(fact.raw, seq=seq))
    return entries


def told(entries: list, seq: int | None = None) -> explain.Account:
    return explain.accounts([services.load("onboarding")], entries, seq or entries[-1].seq)[0]


def test_a_joining_arms_a_welcome_and_decides_nothing_yet():
    account = told(story(("09:00:00", "member.joined", "member=ana")))

    assert [(deadline.kind, deadline.due.isoformat()) for deadline in account.armed] == [
        ("welcome", "2026-03-02T09:10:00+00:00")
    ]
    assert account.decided == []
    assert account.silence == []


def test_what_is_welcomed_when_the_next_fact_lets_time_pass_is_decided_then():
    log = story(("09:00:00", "member.joined", "member=ana"), ("09:10:00", "member.seen", "member=ben"))

    account = told(log)

    assert "member.welcomed" in [event.type for event in account.decided]


def test_whoever_leaves_is_no_longer_waited_for():
    log = story(("09:00:00", "member.joined", "member=ana"), ("09:05:00", "member.left", "member=ana"))

    account = told(log)

    assert [deadline.kind for deadline in account.disarmed] == ["welcome"]


def test_a_bot_is_not_welcomed_because_it_is_one():
    account = told(story(("09:00:00", "member.joined", "member=robot", "bot:=true")))

    assert "who counts: the member is a bot" in account.silence


def test_what_came_before_under_the_same_identity_changes_nothing():
    log = story(("09:00:00", "member.joined", "member=ana"))
    again = log[0]._replace(seq=2)

    account = told([*log, again])

    assert account.silence == ["identity: the same `source` and `id` was accepted before, so this one changes nothing"]


def test_a_type_without_a_rule_says_so():
    account = told(story(("09:00:00", "badge.awarded", "member=ana", "badge=gold")))

    assert account.silence[0].startswith("no rule of onboarding reacts to badge.awarded")


def test_an_input_that_cannot_be_read_is_a_dead_letter_with_its_cure():
    log = story(("09:00:00", "member.joined", "member=ana"))

    account = told([*log, read(b"{not json", seq=2)])

    assert len(account.refused) == 1
    assert "JSON" in account.refused[0]


def test_decisions_follow_from_an_event_directly_or_through_others():
    log = story(("09:00:00", "member.joined", "member=ana"), ("09:10:00", "member.seen", "member=ben"))
    decided = told(log).decided
    joined, seen = (entry.event for entry in log)

    caused = explain.caused_by(joined, decided)

    assert [event.type for event in caused][-1] == "message.requested"
    assert "member.welcomed" in [event.type for event in caused]
    # A tick or a fact that only moved the clock causes nothing.
    assert explain.caused_by(seen, decided) == []
