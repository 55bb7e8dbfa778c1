"""What the organisation hears each month; too much promotion; a platform that fell silent."""

from datetime import UTC, datetime

from contracts.envelope import AnyEvent
from digest.state_told import Hush, Subject
from editorial import DIGEST
from facts import MONDAY, days, fact, hours, minutes, posted
from stories import Passing, Story, given, passing

TEAM = {"people": {"manager": "camille", "core_team": [{"member": "camille", "name": "Camille"}]}}
MORNING = MONDAY - hours(2) - minutes(15)
FEBRUARY = datetime(2026, 2, 10, 9, tzinfo=UTC)
SKILLS = {"skills": [{"skill": "velo", "label": {"fr": "le vélo", "en": "bicycles"}, "synonyms": ["vélos"]}]}


def place(*happenings: AnyEvent | Passing, playbook=None, **more) -> Story:
    usual = {"opened": FEBRUARY - days(9)} | more
    return given(*happenings, service=DIGEST, playbook=TEAM | (playbook or {}), **usual)


def question(n: int, *tags: str, **data) -> AnyEvent:
    return posted(
        "ana", FEBRUARY + hours(n), post=f"q{n}", kind="question", title="Une question ?", tags=list(tags), **data
    )


def counts(subjects) -> list[tuple[str, int]]:
    return [(subject.subject, subject.count) for subject in subjects]


def test_on_the_first_business_day_of_a_month_the_organisation_hears_the_month_before():
    facts = [
        *[question(n, "velo") for n in range(3)],
        question(3, "bois"),
        question(4, "livraison", complaint=True),
        fact("feedback.submitted", FEBRUARY + hours(5), feedback="f", member="bea", title="Plus de vélos le soir"),
    ]
    sponsors = {"people": {**TEAM["people"], "sponsors": [{"member": "max", "name": "Max"}]}}
    story = place(*facts, passing(MORNING - minutes(1)), playbook=SKILLS | sponsors)
    assert story.all("voice.reported") == []

    voice = story.when(passing(MORNING)).expect("voice.reported").data

    assert voice.month == "2026-02"
    assert counts(voice.questions) == [("velo", 3), ("bois", 1)]
    assert counts(voice.complaints) == [("livraison", 1)]
    assert counts(voice.wishes) == [("velo", 1)]
    assert voice.questions[0].threads == ("q2", "q1", "q0")
    assert {message.data.to.id for message in story.messages(template="voice")} == {"manager", "sponsors"}
    assert "le vélo (3)" in story.expect_message(template="voice", to="manager").text


def test_five_subjects_at_most():
    story = place(*[question(n, f"sujet-{n}") for n in range(9)], passing(MORNING))

    assert len(story.expect("voice.reported").data.questions) == 5


def test_nothing_asked_nothing_told_and_each_month_once():
    story = place(question(1, "velo"), passing(MONDAY + days(120)))

    assert [event.data.month for event in story.all("voice.reported")] == ["2026-02"]
    assert story.rows(Subject) == []


def test_no_count_from_a_restricted_place_of_care_or_of_the_house():
    closed = fact("channel.described", FEBRUARY - hours(1), channel="equipe", visibility="restricted")
    facts = [
        question(1, "velo"),
        question(2, "secret", channel="equipe"),
        question(3, "mal", body="Je veux en finir."),
        posted("camille", FEBRUARY + hours(4), kind="question", title="Qui vient ?", tags=["maison"]),
    ]

    story = place(closed, *facts, passing(MORNING))

    assert counts(story.expect("voice.reported").data.questions) == [("velo", 1)]


def write(n: int, **data) -> AnyEvent:
    return posted(f"m{n % 5}", MONDAY - days(20) + minutes(n), post=f"p{n}", **data)


def test_more_than_a_tenth_of_promotion_over_four_weeks_is_said_to_the_manager():
    posts = [write(n, promotional=n < 3) for n in range(20)]
    story = place(*posts, passing(MORNING))

    excess = story.all("promotion.excess")[0].data

    assert (excess.posts, excess.promotional) == (20, 3)
    assert excess.because[0].evidence.count == 3
    assert len(story.all("promotion.excess")) == 1
    assert any(line.kind == "promotion" for event in story.all("brief.sent") for line in event.data.waiting)


def test_a_tenth_is_not_more_than_a_tenth():
    posts = [write(n, promotional=n < 2) for n in range(20)]

    assert place(*posts, passing(MORNING)).all("promotion.excess") == []


def test_few_posts_say_nothing_about_a_share():
    assert place(*[write(n, promotional=True) for n in range(5)], passing(MORNING)).all("promotion.excess") == []


def beat(until: datetime) -> list[AnyEvent]:
    start = MONDAY - days(20)
    return [
        posted("ana", start + hours(3 * n), post=f"b{n}") for n in range(int((until - start).total_seconds() // 10800))
    ]


def test_a_platform_that_says_nothing_for_ten_times_its_usual_gap_is_said_to_be_silent():
    story = place(*beat(MONDAY))
    last = story.log[-1].time if story.log else MONDAY - hours(3)
    # The longest gap of a day is three hours: silent after thirty.
    story.when(passing(last + hours(30)))
    story.expect_none("platform.silent")

    silent = story.when(passing(last + hours(30) + minutes(1))).expect("platform.silent").data

    assert (silent.source, silent.since) == ("/platforms/forum", last)
    assert (silent.usual_gap_seconds, silent.allowed_seconds) == (10_800, 108_000)
    story.expect_message(template="platform_silent", to="manager")


def test_of_a_platform_that_was_hardly_heard_it_is_said_after_a_whole_day():
    story = place(fact("member.joined", MONDAY, member="ana"), fact("member.joined", MONDAY + minutes(1), member="bea"))

    story.when(passing(MONDAY + hours(20))).expect_none("platform.silent")
    story.when(passing(MONDAY + days(2))).expect("platform.silent")


def test_it_is_said_once_until_it_speaks_again():
    story = place(*beat(MONDAY), passing(MONDAY + days(7)))
    assert len([event for event in story.all("platform.silent") if event.time > MONDAY]) == 1
    assert any(line.kind == "silent" for line in story.all("brief.sent")[-1].data.held_back)

    story.when(posted("ana", MONDAY + days(7) + hours(1)), passing(MONDAY + days(8)))

    assert story.rows(Hush) == []
    assert all(line.kind != "silent" for line in story.all("brief.sent")[-1].data.held_back)


def test_a_silent_platform_costs_three_ticks_a_day_and_no_more():
    story = place(*beat(MONDAY))
    ticks = story.heard("clock.ticked")

    story.when(passing(MONDAY + days(28)))

    assert story.heard("clock.ticked") - ticks <= 28 * 3 + 8


def test_a_platform_that_was_given_up_costs_no_ticks_beside_one_that_speaks():
    old = posted("ana", MONDAY - days(40), post="o1")
    gone = [
        old.model_copy(update={"source": "/platforms/old", "id": f"old-{n}", "time": MONDAY - days(40) + hours(n)})
        for n in range(0, 48, 3)
    ]
    story = place(*gone, *beat(MONDAY))
    ticks = story.heard("clock.ticked")

    story.when(*[posted("ana", MONDAY + hours(3 * n), post=f"c{n}") for n in range(16)])

    assert story.heard("clock.ticked") - ticks <= 2 * 8 + 4
