"""The launch programme: daily checks, waves, promises, sponsors."""

from facts import (
    MONDAY,
    asked,
    configured,
    days,
    fact,
    hours,
    joined,
    left,
    minutes,
    overruled,
    posted,
    reacted,
    unmuted,
)
from onboarding.state import Newcomer, Promise, Wave
from stories import given, passing

AT_NINE = MONDAY.replace(hour=8)  # 09:00 in Paris
WAVES = [
    {
        "wave": "proches",
        "name": {"fr": "les proches", "en": "close ones"},
        "populations": ["amis"],
        "opens": "2026-03-02",
    },
    {"wave": "ville", "name": {"fr": "la ville", "en": "the town"}, "populations": ["voisins"], "opens": "2026-04-13"},
]
SPONSOR = {
    "member": "max",
    "name": "Max",
    "organisation": "La Ville",
    "promises": [{"promise": "local", "what": "un local chauffé", "due": "2026-03-10"}],
}


def launching(*happenings, people=None, opened=None, **playbook):
    launch = {"start": "2026-03-02", "waves": WAVES}
    opened = opened or MONDAY - days(2)
    return given(*happenings, opened=opened, playbook={"launch": launch, "people": people or {}, **playbook})


def needs(event):
    return {need.key: need for need in event.data.prerequisites}


def test_every_day_each_prerequisite_is_met_or_missing_and_since_when():
    story = launching(totem="la réparation", opened=MONDAY - hours(30)).when(passing(AT_NINE - days(1)))
    first = story.expect("launch.checked", week=0)
    assert needs(first)["totem"].met
    assert not needs(first)["core_team"].met
    assert needs(first)["core_team"].needed == 2

    story.when(passing(AT_NINE)).expect("launch.checked", week=1, weeks=16)
    team = [{"member": "eve", "name": "Eve"}, {"member": "sam", "name": "Sam"}]
    story.when(
        configured(MONDAY, "v2", timezone="Europe/Paris", launch={"start": "2026-03-02"}, people={"core_team": team})
    )
    later = story.when(passing(AT_NINE + days(1))).expect("launch.checked")

    assert needs(later)["core_team"].met
    assert needs(later)["core_team"].since == AT_NINE + days(1)
    assert needs(later)["sponsors"].since == AT_NINE - days(1)
    assert not needs(later)["totem"].met


def test_the_manager_is_told_what_is_missing_once_not_every_day():
    story = launching().when(passing(AT_NINE + days(5)))

    messages = story.messages(template="launch_missing")

    assert len(messages) == 1
    assert messages[0].data.to.id == "manager"
    assert "une équipe connue de tout le monde (0 sur 2)" in messages[0].data.text


def test_it_ends_with_the_programme_and_without_a_start_there_is_none():
    story = launching().when(passing(MONDAY + days(16 * 7 + 30)))
    assert story.found("launch.checked")[-1].data.week == 16

    given(playbook={}).when(passing(MONDAY + days(5))).expect_none("launch.checked")


def test_checks_begin_eight_weeks_before_the_start():
    story = launching(opened=MONDAY - days(100)).when(passing(AT_NINE))

    assert story.found("launch.checked")[0].data.week == -7


def test_the_first_wave_opens_on_its_day_and_a_population_of_a_later_one_waits():
    story = launching(opened=MONDAY - hours(30)).when(passing(AT_NINE))
    opened = story.expect("wave.opened", wave="proches", opened_by="date", previous=None)
    assert story.expect_message(template="wave_opened").to.id == "manager"

    story.when(
        joined("ana", MONDAY, population="amis"),
        joined("bob", MONDAY, population="voisins"),
        passing(MONDAY + hours(1)),
    )

    story.expect("member.welcomed", member="ana")
    story.expect("welcome.held", member="bob", reason="wave", hold="ville")
    told = story.expect_message(template="wave_closed")
    assert told.mentions == ("bob",)
    assert "lundi 13 avril" in told.text
    assert opened.data.populations == ("amis",)


def test_its_newcomers_are_welcomed_when_it_opens_at_its_date():
    story = launching(opened=MONDAY - hours(30)).when(joined("bob", MONDAY, population="voisins"))

    story.when(passing(MONDAY.replace(month=4, day=13)))

    assert story.expect("wave.opened", wave="ville").data.waiting == 1
    story.expect("member.welcomed", member="bob", grouped=True)


def test_half_of_the_wave_before_activated_after_fourteen_days_opens_the_next():
    story = launching(opened=MONDAY - hours(30)).when(
        *[joined(name, MONDAY, population="amis") for name in ("ana", "abe", "ava")], passing(MONDAY + hours(1))
    )
    story.when(posted("ana", MONDAY + days(1)), passing(AT_NINE + days(15)))
    story.expect_none("wave.opened", wave="ville")
    assert (story.row(Wave, "proches").joined, story.row(Wave, "proches").activated) == (3, 1)

    story.when(asked("abe", MONDAY + days(13))).expect_none("wave.opened")

    # Time does not go back: the act of day 13 is told at day 15, and counts for nothing after the 14 days.
    assert story.row(Wave, "proches").activated == 1


def test_an_activated_half_opens_it_early():
    story = launching(opened=MONDAY - hours(30)).when(
        *[joined(name, MONDAY, population="amis") for name in ("ana", "abe")], passing(MONDAY + hours(1))
    )
    story.when(posted("ana", MONDAY + days(1)), passing(AT_NINE + days(13)))
    story.expect_none("wave.opened")

    story.when(passing(AT_NINE + days(14))).expect(
        "wave.opened", wave="ville", opened_by="activation", previous="proches", activated=1, joined=2
    )


def test_who_is_of_no_wave_is_welcomed_as_they_come():
    story = launching(opened=MONDAY - hours(30)).when(joined("ana", MONDAY), passing(MONDAY + hours(1)))

    story.expect("member.welcomed", member="ana")


def test_a_human_lets_one_in_early():
    story = launching().when(joined("bob", MONDAY, population="voisins"), passing(MONDAY + minutes(10)))

    story.when(overruled(story.expect("welcome.held"), MONDAY + hours(1)), passing(MONDAY + hours(2)))

    story.expect("member.welcomed", member="bob")


def test_a_promise_of_a_sponsor_is_said_late_the_morning_after_its_day():
    story = launching(people={"sponsors": [SPONSOR]}).when(passing(MONDAY + days(8)))
    assert story.all("promise.late") == []

    story.when(passing((MONDAY + days(9)).replace(hour=8)))

    late = story.expect("promise.late", promise="local", by="max", what="un local chauffé")
    assert "un local chauffé" in story.expect_message(template="promise_late").text
    checked = story.when(passing(MONDAY + days(10))).expect("launch.checked")
    assert needs(checked)["promises_kept"].names == ("un local chauffé",)
    story.when(overruled(late, MONDAY + days(10) + minutes(5))).expect("message.cancelled")


def test_a_promise_kept_is_not_late_even_when_the_playbook_is_applied_again():
    kept = fact("promise.kept", MONDAY + days(1), promise="local", by="max")
    story = launching(people={"sponsors": [SPONSOR]}).when(kept)
    story.when(configured(MONDAY + days(2), "v2", people={"sponsors": [SPONSOR]}))

    story.when(passing(MONDAY + days(30))).expect_none("promise.late")
    assert story.row(Promise, "local").kept_at is not None


def test_promises_of_others_are_kept_or_late_too_in_any_order():
    made = fact("promise.made", MONDAY, promise="p1", by="eve", what="un mot", due=MONDAY + days(2), to="members")
    story = given(made).when(passing(MONDAY + days(2)))
    story.expect("promise.late", promise="p1", to="members")

    kept_first = given(fact("promise.kept", MONDAY, promise="p1", by="eve"), made)
    kept_first.when(passing(MONDAY + days(5))).expect_none("promise.late")


def test_a_sponsor_silent_for_14_days_gives_the_manager_words_once():
    others = [reacted("zoe", "p", MONDAY + days(day)) for day in range(30)]
    story = launching(people={"sponsors": [SPONSOR]}).when(
        unmuted(MONDAY - days(1)), posted("max", MONDAY), *others, passing(MONDAY + days(29))
    )

    messages = story.messages(template="sponsor_silent")

    assert len(messages) == 1
    assert messages[0].time.date().isoformat() == "2026-03-17"
    assert "Bonjour Max" in messages[0].data.text
    assert "un local chauffé" in messages[0].data.text
    last = story.found("launch.checked")[-1]
    assert needs(last)["sponsors_active"].names == ("Max",)


def test_a_closed_waves_newcomer_who_leaves_is_not_welcomed_when_it_opens():
    story = launching().when(joined("bob", MONDAY, population="voisins"), passing(MONDAY + hours(1)))
    story.when(fact("member.left", MONDAY + days(1), member="bob"))

    story.when(passing(MONDAY.replace(month=4, day=14))).expect("wave.opened", waiting=0)
    assert story.row(Newcomer, "bob").welcomed_at is None


def test_a_population_that_changes_to_an_open_wave_waits_no_longer():
    story = launching(opened=MONDAY - hours(30)).when(joined("bob", MONDAY, population="voisins"))
    story.when(passing(MONDAY + hours(1))).expect("welcome.held", member="bob")

    story.when(fact("member.updated", MONDAY + hours(2), member="bob", population="amis"), passing(MONDAY + hours(3)))

    story.expect("member.welcomed", member="bob")


def test_a_start_that_a_later_playbook_brings_nearer_is_kept():
    far = [{**WAVES[0], "opens": "2026-09-01"}]
    story = given(playbook={"launch": {"start": "2026-09-01", "waves": far}})
    near = {"start": "2026-03-03", "waves": [{**WAVES[0], "opens": "2026-03-05"}]}

    story.when(configured(MONDAY, version="v2", timezone="Europe/Paris", launch=near))

    story.when(joined("ana", MONDAY + hours(1), population="amis"), passing(AT_NINE + days(3)))
    story.expect("wave.opened", wave="proches", opened_by="date", waiting=1)
    story.expect("member.welcomed", member="ana")


def test_who_waits_for_a_wave_that_a_new_playbook_takes_away_waits_no_longer():
    story = launching(joined("bob", MONDAY, population="voisins"), passing(MONDAY + minutes(11)))

    story.when(configured(MONDAY + days(1), version="v2", language="fr", register="tu"))

    story.when(passing(MONDAY + days(1) + minutes(10)))
    story.expect("member.welcomed", member="bob")


def test_of_a_sponsor_who_died_nothing_is_printed_any_more():
    story = launching(people={"sponsors": [SPONSOR]})

    story.when(left("max", MONDAY + days(1), reason="deceased"), passing(MONDAY + days(30)))

    story.expect_none("message.requested", template="sponsor_silent")
    (late,) = story.messages(template="promise_late")
    assert late.data.text.startswith("«\u00a0un local chauffé\u00a0» n'est pas encore là.")
    assert all("Max" not in event.data.text for event in story.messages())
