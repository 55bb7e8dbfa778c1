"""Welcome: 10 minutes after the first arrival, together, once for life, by mention, at any hour."""

import pytest

from facts import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    chose,
    configured,
    days,
    described,
    fact,
    hours,
    joined,
    left,
    minutes,
    motivated,
    paused,
    posted,
    reacted,
)
from onboarding.state import Newcomer
from stories import given, passing

TEAM = [{"member": "eve", "name": "Eve"}, {"member": "sam", "name": "Sam"}, {"member": "lou", "name": "Lou"}]
PLAYBOOK = {
    "totem": "la réparation",
    "people": {"core_team": TEAM},
    "places": {"welcome": "accueil", "help": {"channel": "aide", "name": "#aide"}},
}


def test_all_who_arrive_within_ten_minutes_of_the_first_are_welcomed_in_one_text():
    story = given(joined("ana", MONDAY), joined("bob", MONDAY + minutes(9)), playbook=PLAYBOOK)

    story.when(passing(MONDAY + minutes(9.9))).expect_nothing()
    story.when(passing(MONDAY + minutes(10)))

    story.expect("member.welcomed", member="ana", together=2, way="mention", channel="accueil")
    story.expect("member.welcomed", member="bob", together=2)
    assert story.expect_message(template="welcome").mentions == ("ana", "bob")


def test_the_text_says_totem_place_two_people_of_the_team_the_first_action_and_that_reading_is_fine():
    story = given(joined("ana", MONDAY), playbook=PLAYBOOK).when(passing(MONDAY + minutes(10)))

    welcome = story.expect_message(template="welcome")

    assert "Bonjour Ana" in welcome.text
    for words in ("la réparation", "#aide", "Eve et Sam", "ta première question", "Tu peux lire sans rien dire"):
        assert words in welcome.text, words
    assert "Lou" not in welcome.text
    assert (welcome.to.kind, welcome.to.id, welcome.purse) == ("channel", "accueil", "none")
    assert welcome.expires_at == MONDAY + minutes(10) + hours(48)


def test_the_taps_declare_a_motivation_or_ask_for_an_introduction():
    story = given(joined("ana", MONDAY), playbook=PLAYBOOK).when(passing(MONDAY + minutes(10)))

    actions = {action.id: action.fact for action in story.expect_message(template="welcome").actions}

    assert actions["learn"].type == "motivation.declared"
    assert actions["learn"].data == {"community": "atelier", "motivation": "learn"}
    assert actions["introduce_me"].data == {"community": "atelier", "introduce": True}
    assert actions["rather_not"].data["introduce"] is False


def test_a_second_gathering_begins_with_the_next_arrival():
    story = given(joined("ana", MONDAY), playbook=PLAYBOOK).when(passing(MONDAY + minutes(11)))
    story.when(joined("bob", MONDAY + minutes(12)), passing(MONDAY + minutes(22)))

    story.expect("member.welcomed", member="bob", together=1)


def test_who_joins_at_night_is_welcomed_at_night():
    night = MONDAY.replace(hour=2)
    story = given(joined("ana", night), playbook=PLAYBOOK)

    story.when(passing(night + minutes(10))).expect("member.welcomed", member="ana")


def test_a_joining_that_is_told_hours_later_waits_for_the_next_allowed_hour():
    night = MONDAY.replace(hour=23)
    story = given(reacted("zoe", "p", night), playbook=PLAYBOOK)
    story.when(joined("ana", night - hours(3)))

    story.when(passing(TUESDAY.replace(hour=6, minute=59))).expect_none("member.welcomed")
    story.when(passing(TUESDAY.replace(hour=8))).expect("member.welcomed", member="ana")


def test_a_welcome_is_once_for_life():
    story = given(joined("ana", MONDAY), playbook=PLAYBOOK).when(passing(MONDAY + minutes(10)))
    story.when(left("ana", TUESDAY), joined("ana", FRIDAY), passing(FRIDAY + hours(1))).expect_nothing()
    later = FRIDAY + days(60)

    story.when(left("ana", FRIDAY + days(1)), joined("ana", later), passing(later + hours(1)))

    story.expect_none("member.welcomed")


def test_the_same_joining_told_twice_makes_one_welcome():
    story = given(joined("ana", MONDAY), joined("ana", MONDAY + minutes(1)), playbook=PLAYBOOK)

    story.when(passing(MONDAY + hours(1)), joined("ana", MONDAY + hours(2)), passing(MONDAY + hours(3)))

    story.expect("member.welcomed", member="ana")


def test_who_leaves_before_the_welcome_is_not_welcomed_and_is_on_return():
    story = given(joined("ana", MONDAY), left("ana", MONDAY + minutes(5)), playbook=PLAYBOOK)
    story.when(passing(MONDAY + hours(1))).expect_nothing()

    story.when(joined("ana", FRIDAY), passing(FRIDAY + hours(1))).expect("member.welcomed", member="ana")


def test_bots_and_staff_are_never_welcomed():
    story = given(joined("hal", bot=True), joined("ida", staff=True), joined("eve"), playbook=PLAYBOOK)

    story.when(passing(MONDAY + days(1))).expect_nothing()


def test_somebody_found_to_be_a_bot_before_the_welcome_is_not_welcomed():
    story = given(joined("hal"), posted("hal", MONDAY + minutes(1), bot=True), playbook=PLAYBOOK)

    story.when(passing(MONDAY + hours(1))).expect_none("member.welcomed")


def test_private_only_if_the_playbook_wants_it_and_the_platform_allows_first_contact():
    private = {**PLAYBOOK, "onboarding": {"welcome_way": "private"}}
    forbidden = given(joined("ana"), playbook=private).when(passing(MONDAY + minutes(10)))
    allowed = given(
        described(MONDAY, "member.joined", direct_first_contact="allowed"), joined("ana"), playbook=private
    ).when(passing(MONDAY + minutes(10)))

    assert forbidden.expect("member.welcomed").data.way == "mention"
    assert allowed.expect("member.welcomed").data.way == "private"
    assert allowed.expect_message(template="welcome").to.id == "ana"
    assert allowed.expect_message(template="welcome").purse == "reply"


def test_who_asked_for_rest_is_welcomed_at_the_next_act():
    story = given(joined("ana"), paused("ana", MONDAY + minutes(2), until=MONDAY + days(2)), playbook=PLAYBOOK)
    story.when(passing(MONDAY + days(1))).expect_none("member.welcomed")
    back = MONDAY + days(3)

    story.when(posted("ana", back), passing(back + hours(1))).expect("member.welcomed", member="ana")


def test_under_the_neutral_playbook_the_text_leaves_out_what_is_not_known():
    story = given(joined("ana", display_name=None), playbook={"name": "", "language": "en"})
    story.when(passing(MONDAY + minutes(10)))

    welcome = story.expect_message(template="welcome")

    assert (welcome.to.id, welcome.sender) == ("atelier", "the team")
    assert welcome.text.startswith("Hello ana, welcome.")
    assert "None" not in welcome.text
    assert "  " not in welcome.text


def test_away_120_days_and_a_new_act_is_welcomed_back_once():
    story = given(joined("ana"), posted("ana", MONDAY + hours(1)), playbook=PLAYBOOK)
    # The platform is not silent meanwhile: somebody else is there every day.
    for day in range(1, 131):
        story.when(reacted("zoe", "p", MONDAY + days(day)))
    back = MONDAY + days(131)

    story.when(posted("ana", back)).expect("member.returned", member="ana", after="absence")
    assert story.expect_message(template="welcome_back").to.id == "ana"
    story.when(posted("ana", back + hours(1))).expect_none("member.returned")


def test_who_left_for_long_and_acts_again_is_welcomed_back():
    story = given(joined("ana"), passing(MONDAY + minutes(10)), left("ana", MONDAY + days(1)), playbook=PLAYBOOK)
    for day in range(2, 131):
        story.when(reacted("zoe", "p", MONDAY + days(day)))
    back = MONDAY + days(131)
    story.when(joined("ana", back)).expect_none("message.requested")

    story.when(posted("ana", back + hours(1))).expect("member.returned", after="absence", away_days=130)


def test_people_known_from_history_are_no_newcomers():
    story = given(
        joined("ana", MONDAY - days(40), backfill=True),
        posted("bob", MONDAY - days(39), backfill=True),
        joined("ana", MONDAY),
        joined("bob", MONDAY),
        posted("ana", MONDAY + minutes(1)),
        playbook=PLAYBOOK,
    )

    story.when(passing(MONDAY + days(2))).expect_none("member.welcomed").expect_none("newcomer.unanswered")
    assert story.rows(Newcomer) == []


def test_muted_everything_is_decided_and_the_welcome_is_spent():
    story = given(joined("ana"), muted=True, playbook=PLAYBOOK).when(passing(MONDAY + minutes(10)))
    assert story.expect("member.welcomed").data.member == "ana"
    assert story.expect_message(template="welcome").muted

    story.when(fact("community.unmuted", MONDAY + hours(1), by="eve"), passing(MONDAY + days(1)))

    story.expect_none("member.welcomed")


def test_during_a_crisis_the_welcome_loses_the_first_action_and_it_is_offered_later():
    story = given(joined("ana"), fact("crisis.declared", MONDAY, crisis="c1", by="eve"), playbook=PLAYBOOK)
    story.when(passing(MONDAY + minutes(10))).expect("member.welcomed", action=None)
    story.expect_none("action.proposed")

    story.when(fact("crisis.dismissed", MONDAY + hours(1), crisis="c1", by="eve"))
    story.when(motivated("ana", MONDAY + hours(2), "share"))

    story.expect("action.proposed", member="ana", action="answer", chosen_by="motivation")
    assert "une réponse" in story.expect_message(template="first_action").text


@pytest.mark.parametrize(
    ("settings", "beginning"),
    [
        ({"register": "tu"}, "Bonjour Ana, c'est un plaisir de t'accueillir à L'Atelier."),
        ({"register": "vous"}, "Bonjour Ana, bienvenue à L'Atelier."),
        ({"language": "en"}, "Hello Ana, welcome to L'Atelier."),
    ],
)
def test_the_text_exists_in_each_voice(settings, beginning):
    story = given(joined("ana"), playbook={**PLAYBOOK, **settings}).when(passing(MONDAY + minutes(10)))

    assert story.expect_message(template="welcome").text.startswith(beginning)


def test_a_platform_without_joinings_has_arrivals_by_first_acts():
    story = given(described(MONDAY - days(1), "post.created"), posted("ana", MONDAY), playbook=PLAYBOOK)

    story.when(passing(MONDAY + minutes(10))).expect("member.welcomed", member="ana")


def test_a_new_playbook_holds_for_welcomes_that_wait():
    story = given(joined("ana"), playbook=PLAYBOOK)
    story.when(configured(MONDAY + minutes(5), "v2", name="Le Fablab", language="fr"), passing(MONDAY + minutes(10)))

    welcomed = story.expect("member.welcomed", member="ana")

    assert welcomed.data.playbook == "v2"
    assert "Le Fablab" in story.expect_message(template="welcome").text


def test_the_platform_may_describe_the_welcome_place():
    described_place = fact(
        "channel.described", MONDAY - days(1), channel="salon", visibility="public", purpose="welcome"
    )
    story = given(described_place, joined("ana"), playbook={}).when(passing(MONDAY + minutes(10)))

    story.expect("member.welcomed", channel="salon")


def test_a_welcomed_reader_hears_nothing_more():
    story = given(joined("ana"), playbook=PLAYBOOK).when(passing(MONDAY + days(100)))

    assert [message.data.template for message in story.messages()] == ["welcome"]


def test_a_refusal_of_the_introduction_is_an_answer():
    story = given(joined("ana"), passing(MONDAY + minutes(10)), playbook=PLAYBOOK)
    story.when(chose("ana", MONDAY + hours(1), introduce=False))

    assert story.row(Newcomer, "ana").introduction == "refused"


def test_an_older_act_that_comes_after_the_leaving_welcomes_nobody_and_a_return_still_does():
    story = given(joined("ana", MONDAY), left("ana", MONDAY + minutes(3)), posted("ana", MONDAY + minutes(2)))
    story.when(passing(MONDAY + hours(1))).expect_none("member.welcomed")

    story.when(joined("ana", MONDAY + hours(2)), passing(MONDAY + hours(3)))

    story.expect("member.welcomed", member="ana")
    assert story.row(Newcomer, "ana").left_at is None


def test_who_joined_long_ago_and_is_told_by_day_is_welcomed_in_one_text_too():
    story = given(reacted("lea", "p", MONDAY + hours(5)))

    story.when(*[joined(f"m{n}", MONDAY - hours(20) + minutes(30 * n)) for n in range(4)]).expect_nothing()

    story.when(passing(MONDAY + hours(5) + minutes(10)))
    assert story.expect_message(template="welcome").mentions == ("m0", "m1", "m2", "m3")


def test_an_act_told_after_a_death_welcomes_nobody_where_joinings_are_not_told():
    story = given(described(MONDAY - days(1), "post.created", "member.left"))
    story.when(left("ana", MONDAY, reason="deceased"), posted("ana", MONDAY + hours(1)), passing(MONDAY + days(3)))

    assert story.every_message() == []
    assert story.all("member.welcomed") == []
