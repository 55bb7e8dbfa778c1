"""Crisis: proposed by figures, opened by a human, inside only without one, updated, closed after a calm day."""

from facts import MONDAY, asked, days, erased, fact, hours, minutes, posted, replied
from stories import given, passing
from support.service import SUPPORT
from support.state import Climate, Crisis, Outcry

GRUMBLE = "C'est inadmissible, encore une panne."


def story_of(*facts, **playbook):
    return given(
        *facts, service=SUPPORT, playbook={"people": {"core_team": [{"member": "eve", "name": "Eve"}]}, **playbook}
    )


def wave(count, at=MONDAY, people=3, tag="panne", **data):
    """Complaints, one a minute, by so many people in turn."""
    tags = {"tags": [tag]} if tag else {}
    return [posted(f"m{n % people}", at + minutes(n), body=GRUMBLE, **tags, **data) for n in range(count)]


def proposed(**playbook):
    story = story_of(*wave(5), **playbook)
    return story, story.expect("crisis.proposed").data.crisis


def test_five_complaints_by_three_people_within_the_hour_are_proposed():
    story = story_of(*wave(4))
    story.expect_none("crisis.proposed")

    story.when(*wave(1, MONDAY + minutes(10)))

    found = story.expect("crisis.proposed", complaints=5, people=3, complaints_needed=5, people_needed=3).data
    assert (found.subject.kind, found.subject.id) == ("tag", "panne")
    assert len(found.because[0].evidence) == 5
    assert {message.data.to.id for message in story.messages(template="crisis_proposed")} == {"core_team", "relays"}


def test_five_by_two_people_are_not_nor_five_in_two_hours():
    story_of(*wave(9, people=2)).expect_none("crisis.proposed")
    story_of(*[event for n in range(5) for event in wave(1, MONDAY + minutes(25 * n))]).expect_none("crisis.proposed")


def test_subjects_are_tags_else_the_thread_else_the_channel():
    in_thread = story_of(asked("ana", post="q"), *wave(5, MONDAY + minutes(1), tag=None, thread="q"))
    in_channel = story_of(*wave(5, tag=None))
    apart = story_of(*wave(3, tag="panne"), *wave(3, MONDAY + minutes(5), tag="prix"))

    assert in_thread.expect("crisis.proposed").data.subject.kind == "thread"
    assert in_channel.expect("crisis.proposed").data.subject.kind == "channel"
    apart.expect_none("crisis.proposed")


def test_a_usual_grumble_at_that_hour_raises_what_it_takes():
    story = story_of()
    for day in range(28, 0, -1):
        story.when(*wave(4, MONDAY - days(day) + minutes(5)))

    story.when(*wave(6)).expect_none("crisis.proposed")
    story.when(*wave(1, MONDAY + minutes(20)))

    story.expect("crisis.proposed", complaints=7, complaints_needed=7)


def test_one_percent_of_the_weeks_actives_have_to_complain():
    crowd = [posted(f"c{n}", MONDAY - hours(3)) for n in range(401)]
    story = story_of(*crowd, *wave(9, people=4))
    story.expect_none("crisis.proposed")

    story.when(posted("m9", MONDAY + minutes(20), body=GRUMBLE, tags=["panne"]))

    story.expect("crisis.proposed", people=5, people_needed=5)


def test_without_a_humans_word_it_opens_in_fifteen_minutes_for_inside_effects_only():
    story, crisis = proposed()
    at = MONDAY + minutes(4 + 15)

    story.when(passing(at - minutes(1))).expect_none("crisis.opened")
    story.when(passing(at)).expect("crisis.opened", crisis=crisis, scope="inside", by=None)

    story.expect_none("message.requested")


def test_a_human_opens_it_with_a_tap_and_gets_a_draft_that_nobody_sends_by_itself():
    story, crisis = proposed()
    request = story.every_message(template="crisis_proposed")[0].id

    story.when(fact("request.answered", MONDAY + minutes(8), request=request, member="eve", answer="open"))

    story.expect("crisis.opened", crisis=crisis, scope="full", by="eve")
    draft = story.expect_message(template="crisis_opened", to="core_team")
    assert [action.id for action in draft.actions] == ["publish", "close"]
    story.when(passing(MONDAY + hours(3))).expect_none("message.requested", template="crisis_holding")


def test_the_holding_reply_goes_out_when_a_human_publishes_it():
    story, crisis = proposed()
    story.when(fact("crisis.declared", MONDAY + minutes(8), crisis=crisis, by="eve"))
    request = story.every_message(template="crisis_opened", purse="none")[0].id

    story.when(fact("request.answered", MONDAY + minutes(9), request=request, member="eve", answer="publish"))

    message = story.expect_message(template="crisis_holding", to="general")
    assert "Eve" in message.text


def test_a_human_dismisses_it_and_it_is_not_proposed_again_at_once():
    story, crisis = proposed()

    story.when(fact("crisis.dismissed", MONDAY + minutes(8), crisis=crisis, by="eve"))
    story.expect("crisis.closed", reason="dismissed", by="eve", opened_at=None)
    story.when(*wave(6, MONDAY + minutes(10))).expect_none("crisis.proposed")

    assert story.row(Climate).crises == ()


def test_an_update_is_asked_every_four_hours_until_a_day_below_closes_it():
    story, crisis = proposed()
    story.when(fact("crisis.declared", MONDAY + minutes(8), crisis=crisis, by="eve"))

    story.when(passing(MONDAY + minutes(8) + hours(4)))
    story.expect("crisis.updated", crisis=crisis, complaints=0, scope="full")
    story.expect_message(template="crisis_update", to="core_team")
    below = MONDAY + hours(1)  # the first of five complaints leaves the window
    story.when(passing(below + hours(24) - minutes(1))).expect_none("crisis.closed")
    story.when(passing(below + hours(24)))

    closed = story.expect("crisis.closed", reason="quiet", complaints=5, people=3).data
    assert closed.opened_at == MONDAY + minutes(8)
    story.when(passing(MONDAY + days(3))).expect_none("crisis.updated")


def test_more_complaints_keep_it_open_and_make_no_second_one():
    story, crisis = proposed()
    story.when(fact("crisis.declared", MONDAY + minutes(8), crisis=crisis, by="eve"))

    story.when(*wave(6, MONDAY + hours(20))).expect_none("crisis.proposed")
    story.when(passing(MONDAY + hours(40))).expect_none("crisis.closed")
    story.when(passing(MONDAY + hours(46))).expect("crisis.closed", complaints=11)


def test_a_human_declares_one_that_no_figure_proposed():
    story = story_of()

    story.when(fact("crisis.declared", MONDAY, crisis="fuite", by="eve", value="fuite de données"))

    opened = story.expect("crisis.opened", scope="full", by="eve", proposal=None).data
    assert (opened.subject.kind, opened.subject.id) == ("named", "fuite de données")
    story.when(passing(MONDAY + hours(24))).expect("crisis.closed", reason="quiet")


def test_while_a_crisis_is_on_nobody_is_asked_whether_it_helped():
    story = story_of(
        asked("ana", MONDAY - days(3) - hours(2), post="q"), replied("bob", "q", MONDAY - days(3) - hours(2))
    )
    story.when(fact("crisis.declared", MONDAY - hours(2), crisis="x", by="eve"), passing(MONDAY + hours(1)))
    story.expect_none("message.requested", template="helped")

    story.when(fact("crisis.dismissed", MONDAY + hours(2), crisis="x", by="eve"), passing(MONDAY + days(1)))

    story.expect_message(template="helped", to="ana")


def test_history_proposes_nothing():
    old = [
        posted(f"m{n}", MONDAY - days(1) + minutes(n), body=GRUMBLE, tags=["panne"], backfill=True) for n in range(6)
    ]

    assert not story_of(*old).all("crisis.proposed")


def test_a_complaint_counts_once_and_who_is_erased_is_counted_without_a_name():
    story, crisis = proposed()

    story.when(erased("m1", MONDAY + minutes(8)))

    assert story.row(Crisis, crisis).gone == 1
    assert story.row(Outcry, "tag:panne").people == ("m0", "m2")
    assert story.mentions_of("m1") == []
