"""A quarter of all services over one community: nothing private is said, every decision says why, nobody is flooded."""

from collections import Counter, defaultdict
from datetime import timedelta

import pytest

from contracts.community import Place
from contracts.envelope import EvidenceRange
from contracts.registry import MODELS, PLATFORM
from quarter import CARE, COMPLAINT, HIDDEN_PLACE, MARK, RESTRICTED, TEAM, TEAM_PLACE, Quarter, quarter

pytestmark = pytest.mark.xdist_group("quarter")
TEAM_ROLES = frozenset({"core_team", "manager"})
SAID_ALOUD = (
    *("synthesis.drafted", "synthesis.published", "answer.suggested", "member.introduced", "member.thanked"),
    *("impact.told", "milestone.reached", "prompt.published", "digest.sent", "brief.sent", "voice.reported"),
    *("helper.asked", "member.lapsed", "newcomer.unanswered", "content.missing", "meetup.missing"),
)


@pytest.fixture(scope="module")
def lived() -> Quarter:
    return quarter()


def ids_in(value) -> set[str]:
    """Every text that stands by itself in a document."""
    if isinstance(value, dict):
        return set().union(*map(ids_in, value.values())) if value else set()
    if isinstance(value, (list, tuple)):
        return set().union(*map(ids_in, value)) if value else set()
    return {value} if isinstance(value, str) else set()


def test_enough_happened_behind_closed_doors_for_a_search_to_mean_something(lived):
    shares = Counter(lived.hidden.values())
    assert min(shares[why] for why in (RESTRICTED, COMPLAINT, CARE)) >= 10
    marked = [event for event in lived.of("post.created") if MARK in event.data.body]
    assert len(marked) > 150
    asked = {event.data.thread for event in marked if event.data.kind == "question"}
    assert len(asked) >= 30
    assert len([event for event in lived.of("answer.accepted") if event.data.thread in lived.hidden]) >= 10
    assert len(lived.of("care.needed")) >= 10
    assert {"synthesis.published", "answer.suggested", "member.introduced", "member.thanked"} <= {
        event.type for event in lived.decisions
    }
    assert {event.type for event in lived.log if event.id.startswith("tap/")} >= {"ask.accepted", "request.answered"}


def test_no_text_quotes_a_restricted_place_a_complaint_or_a_cry_for_help(lived):
    leaked = []
    for event in lived.of("message.requested"):
        message = event.data
        words = "\n".join(filter(None, (message.title, message.text, message.markdown, message.html, message.short)))
        if MARK not in words:
            continue
        to = message.to
        hidden = lived.hidden.get(message.thread or "", RESTRICTED)
        own = to.kind == "member" and lived.author.get(message.thread or "") == to.id
        inside = to.id in TEAM_ROLES or to.id in TEAM
        if not own and (hidden == RESTRICTED or not inside):
            leaked.append((message.template, to, hidden, words))
    assert leaked == []


def test_no_decision_that_others_read_names_such_a_thread_or_post(lived):
    said = [event for event in lived.decisions if event.type in SAID_ALOUD]
    assert len(said) > 250
    assert [event for event in said if MARK in event.data.model_dump_json(exclude={"because"})] == []
    posts = {event.data.post: event.data.thread for event in lived.of("post.created")}

    told = set()
    for event in said:
        for name in ids_in(event.data.model_dump(exclude={"because"})):
            why = lived.hidden.get(posts.get(name, name))
            if why is not None:
                told.add((event.type, why))

    # The organisation hears what complaints are about, and the core team that a newcomer's words have no reply.
    assert told <= {("voice.reported", COMPLAINT), ("newcomer.unanswered", COMPLAINT), ("newcomer.unanswered", CARE)}


def test_nothing_is_said_in_a_restricted_place(lived):
    places = {
        key[1] for key, place in lived.turns.shelves["digest"].rows[Place].items() if place.visibility == "restricted"
    }
    assert places == {HIDDEN_PLACE, TEAM_PLACE}
    assert [event for event in lived.of("message.requested") if event.data.to.id == HIDDEN_PLACE] == []


def test_where_care_is_needed_nobody_earns_and_nobody_is_asked(lived):
    care = {thread for thread, why in lived.hidden.items() if why == CARE}
    asked = [event for event in lived.of("helper.asked") if event.data.thread in care]
    public = [event for event in lived.of("question.unanswered") if event.data.thread in care and event.data.stage == 4]
    earned = [
        event
        for event in lived.of("points.awarded")
        if event.data.post is not None and event.data.thread in care and event.data.points_hundredths
    ]
    assert (asked, public, earned) == ([], [], [])


def test_every_reason_of_every_decision_rests_on_events_that_stand_before_it_in_the_log(lived):
    place: dict[str, int] = {}
    for number, event in enumerate(lived.log):
        place.setdefault(event.id, number)
    wrong = []
    for number, event in enumerate(lived.log):
        if not event.source.startswith("/services/"):
            continue
        for reason in event.data.because:
            proof = reason.evidence
            named = (proof.first, proof.last) if isinstance(proof, EvidenceRange) else proof
            known = named and all(name in place and place[name] < number for name in named)
            if not known:
                wrong.append((event.type, reason))
            elif isinstance(proof, EvidenceRange):
                room = place[proof.last] - place[proof.first] + 1
                if not 1 <= proof.count <= room or (proof.count == 1) != (proof.first == proof.last):
                    wrong.append((event.type, reason))
    assert wrong == []


def _arrivals(lived: Quarter, since, until):
    """First joinings of members."""
    first = {}
    for event in lived.of("member.joined"):
        if not event.data.bot and not event.data.staff:
            first.setdefault(event.data.member, event)
    return [event for event in first.values() if since <= event.time < until]


def _posts(lived: Quarter, since, until):
    return [event for event in lived.of("post.created") if since <= event.time < until and not event.data.bot]


@pytest.mark.parametrize(("indicator", "of"), [("newcomers", _arrivals), ("posts", _posts)])
def test_the_range_and_count_of_an_indicator_are_those_of_the_facts_it_counts(lived, indicator, of):
    seen = 0
    for event in lived.of("indicators.computed"):
        (figure,) = [figure for figure in event.data.indicators if figure.key == indicator]
        facts = of(lived, event.data.since, event.data.until)
        expected = EvidenceRange(first=facts[0].id, last=facts[-1].id, count=len(facts)) if facts else None
        assert (int(figure.value), figure.events) == (len(facts), expected), event.data.since
        seen += bool(facts)
    assert seen > 20


def test_every_tap_publishes_what_a_platform_may_publish_and_its_contract_knows(lived):
    facts = Counter()
    for event in lived.of("message.requested"):
        for action in event.data.actions:
            if action.fact is None:
                continue
            facts[action.fact.type] += 1
            assert action.fact.type in PLATFORM, (event.data.template, action)
            given = {"community": event.data.community, "member": "ana", "request": event.data.request}
            MODELS[action.fact.type].model_validate({**given, **action.fact.data})
    assert len(facts) >= 6


def test_nobody_is_written_to_more_than_the_purses_allow_whoever_writes(lived):
    spent = defaultdict(list)
    here = {event.data.member: event.time for event in reversed(lived.of("member.joined"))}
    for event in lived.of("message.requested"):
        # Whoever the playbook names before they joined has no purse yet.
        if event.data.to.kind == "member" and event.time >= here[event.data.to.id]:
            spent[event.data.purse, event.data.to.id].append(event.time)
    assert {purse for purse, _ in spent} == {"attention", "duty", "reply"}
    limits = {
        "attention": ((1, timedelta(hours=20)), (3, timedelta(days=7))),
        "duty": ((1, timedelta(hours=2)), (3, timedelta(hours=20))),
        "reply": (),
    }
    for (purse, member), times in spent.items():
        for most, span in limits[purse]:
            close = [pair for pair in zip(times, times[most:], strict=False) if pair[1] - pair[0] < span]
            assert close == [], (purse, member, most)


def test_each_text_reads_well(lived):
    for event in lived.of("message.requested"):
        text = event.data.text
        assert text.strip(), event.data.template
        assert not {"{", "}", "None", "True", "False"} & set(text.replace("\n", " ").split(" ")), text
        assert "\n\n\n" not in text
        assert "  " not in text.replace("\n  ", ""), (event.data.template, text)
