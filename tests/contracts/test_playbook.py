import json
import zoneinfo
from datetime import date, time
from importlib.resources import files

import pytest
import yaml
from pydantic import ValidationError

from contracts.errors import BadPlaybook
from contracts.playbook import NEUTRAL, PRESETS, Playbook, UnfitPlaybook, load, playbook_page
from contracts.playbook.shape import all_entries
from contracts.zones import zone_named

SHIPPED = ("latelier", "workshop")


def shipped(name: str) -> Playbook:
    text = files("ruche").joinpath("playbooks", f"{name}.yaml").read_text(encoding="utf-8")
    return load(yaml.safe_load(text))


def problems(document: object) -> list[str]:
    with pytest.raises(UnfitPlaybook) as caught:
        load(document)
    return [str(problem) for problem in caught.value.problems]


def test_the_neutral_playbook_is_utc_english_always_open_and_signed_by_the_team():
    assert (NEUTRAL.timezone, NEUTRAL.language, NEUTRAL.voice(), NEUTRAL.sender_name("en")) == (
        "UTC",
        "en",
        "en",
        "the team",
    )
    assert NEUTRAL.hours.week == (((0, 1440),),) * 7
    assert (NEUTRAL.people.relays, NEUTRAL.people.founding_relays, NEUTRAL.totem, NEUTRAL.places.welcome) == (
        (),
        (),
        None,
        None,
    )
    assert load({}) == NEUTRAL


@pytest.mark.parametrize(
    ("key", "figure"),
    [
        ("onboarding.welcome_delay_minutes", 10),
        ("onboarding.raid_joins", 5),
        ("onboarding.introduction_time", time(10, 0)),
        ("onboarding.action_due_days", 7),
        ("onboarding.pairing_accept_hours", 48),
        ("onboarding.lapse_invitation_days", 180),
        ("recognition.points.accepted_answer_points", 10),
        ("recognition.fairness.half_life_days", 90),
        ("recognition.strata.window_days", 100),
        ("recognition.thanks_time", time(11, 30)),
        ("support.answer_minutes", 60),
        ("support.answer_urgent_minutes", 30),
        ("support.warning_share", 0.75),
        ("support.ladder_multiples", (0.75, 1, 4, 8, 24)),
        ("support.crisis_people_most", 15),
        ("digest.brief_time", time(8, 45)),
        ("digest.promotion_share", 0.1),
        ("purses.attention_window_hours", 20),
        ("purses.duty_spacing_hours", 2),
        ("lifetimes.invitation_days", 14),
        ("launch.length_weeks", 16),
        ("silence.gap_factor", 10),
    ],
)
def test_figures_of_the_product_are_the_defaults(key, figure):
    value = NEUTRAL
    for name in key.split("."):
        value = getattr(value, name)

    assert value == figure


@pytest.mark.parametrize("document", [{}, *({"preset": name} for name in PRESETS)], ids=str)
def test_the_whole_document_is_read_back_equal(document):
    playbook = load(document)
    whole = json.loads(json.dumps(playbook.document()))

    assert load(whole) == playbook
    assert Playbook.model_validate_json(playbook.model_dump_json()) == playbook


def test_a_preset_is_a_start_that_the_document_changes():
    playbook = load(
        {"preset": "pro", "register": "tu", "support": {"answer_minutes": 45}, "hours": {"monday": "10:00-12:00"}}
    )

    assert (playbook.voice(), playbook.support.answer_minutes, playbook.digest.feedback_business_days) == (
        "fr-tu",
        45,
        5,
    )
    assert playbook.hours.week == (((600, 720),), *((),) * 6)


def test_presets_differ_where_their_communities_do():
    assert load({"preset": "pro"}).voice() == "fr-vous"
    assert load({"preset": "entraide"}).voice() == "fr-tu"
    assert load({"preset": "asso"}).hours.week[0] == ((1080, 1350),)
    assert load({"preset": "citoyen"}).hours.week[6] == ((0, 1440),)


def test_who_reads_which_of_the_three_texts():
    playbook = load({"preset": "entraide"})

    assert [playbook.voice(locale) for locale in (None, "fr-CA", "en_GB", "de")] == ["fr-tu", "fr-tu", "en", "fr-tu"]
    assert playbook.voice("fr", audience="sponsors") == "fr-vous"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (
            {"onboarding": {"welcome_delay_hours": 2}},
            (
                "onboarding.welcome_delay_hours: there is no such key; "
                "this figure is in minutes: write welcome_delay_minutes: 120"
            ),
        ),
        (
            {"onboarding": {"action_due": 7}},
            "onboarding.action_due: there is no such key; the unit stands in the name: write action_due_days",
        ),
        (
            {"onboarding": {"welcom_delay_minutes": 2}},
            "onboarding.welcom_delay_minutes: there is no such key; did you mean welcome_delay_minutes?",
        ),
        (
            {"welcome_delay_minutes": 5},
            "welcome_delay_minutes: there is no such key; it belongs elsewhere: onboarding.welcome_delay_minutes",
        ),
        ({"onbording": {}}, "onbording: there is no such key; did you mean onboarding?"),
        (
            {"launch": {"start": "9999-12-20"}},
            "launch.start: a day is in the years 1970 to 2999; write it as 2026-03-02",
        ),
        (
            {"onboarding": {"raid_joins": 0}},
            "onboarding.raid_joins: 0 is an impossible figure; give a figure from 1 to 10000; the default is 5",
        ),
        (
            {"support": {"warning_share": 1.2}},
            "support.warning_share: 1.2 is an impossible figure; give a figure from 0.05 to 0.99; the default is 0.75",
        ),
        (
            {"onboarding": {"lapse_least_days": "28 days"}},
            (
                "onboarding.lapse_least_days: '28 days' is no number that fits; "
                "write the figure alone, in days; the default is 28"
            ),
        ),
        ({"timezone": "Europe/Pari"}, "timezone: 'Europe/Pari' is no time zone; write an IANA name, as Europe/Paris"),
        ({"language": "de"}, "language: 'de' is none of the words known here; write 'fr' or 'en'; the default is en"),
        (
            {"onboarding": {"catalogue": [{"action": "v", "kind": "votes", "label": "un vote"}]}},
            "onboarding.catalogue[0].kind: 'votes' is none of the words known here; did you mean vote?",
        ),
        (
            {"onboarding": {"catalogue": [{"action": "v", "kind": "vote", "label": {"fr": "Voter ici"}}]}},
            (
                "onboarding.catalogue[0]: the label of v in fr-tu is no noun phrase; open with a determiner and no "
                "full stop, as « ta première question » or your first question"
            ),
        ),
        (
            {"support": {"ladder_multiples": [1, 2, 3, 3, 4]}},
            "support.ladder_multiples: ladder_multiples rise from above 0; each rung comes after the one before it",
        ),
        (
            {"hours": {"monday": []}},
            "hours: the week has no office hours at all; give one interval to at least one day",
        ),
        (
            {"hours": {"monday": ["18:00-09:00"]}},
            "hours.monday: '18:00-09:00' ends before it starts; an interval past midnight is two, one on each day",
        ),
        (
            {"people": {"core_team": [{"member": "a", "name": "A"}, {"member": "a", "name": "B"}]}},
            "people.core_team: core_team names a twice; name each person once",
        ),
        (
            {
                "launch": {
                    "start": "2026-03-01",
                    "waves": [
                        {"wave": "a", "name": "A", "populations": ["x"], "opens": "2026-05-01"},
                        {"wave": "b", "name": "B", "populations": ["y"], "opens": "2026-04-01"},
                    ],
                }
            },
            "launch.waves: waves are not in the order of their days; each opens after the one before it",
        ),
        (
            {"skills": [{"skill": "a", "label": "Vélo"}, {"skill": "b", "label": "velo"}]},
            "skills: skills claim 'velo' for a and for b; leave it to one of them",
        ),
        (
            {"messages": {"welcome": {"en": "Hello"}}},
            (
                "messages: the text welcome in en has no body; write {% block body %} … {% endblock %} around the "
                "words, and the same with title and short if it has them"
            ),
        ),
        (
            {"preset": "prof"},
            "preset: there is no preset 'prof'; choose one of entraide, asso, pro, citoyen, or leave it out",
        ),
        ([], "the document: a playbook is a mapping of keys; write keys and values, the name of the community first"),
        (
            {"purses": {"quiet_until": "20:30"}},
            "purses: quiet hours leave less than an hour of the day beside the spread; nothing could go out",
        ),
        ({"country": "fr"}, "country: 'fr' does not fit; write the two capitals of its ISO code, as FR"),
        (
            {"people": {"core_team": [{"member": "a"}]}},
            "people.core_team[0].name: it is missing; write it: How texts name the person.",
        ),
    ],
    ids=lambda value: None if isinstance(value, str) else json.dumps(value)[:60],
)
def test_what_is_wrong_is_said_with_place_reason_and_cure(document, said):
    assert said in problems(document)


def test_everything_that_is_wrong_is_said_at_once_in_the_order_of_the_document():
    found = problems({"timezone": "Moon", "onboarding": {"raid_joins": 0, "nope": 1}, "language": "de"})

    assert [line.partition(":")[0] for line in found] == [
        "timezone",
        "onboarding.raid_joins",
        "onboarding.nope",
        "language",
    ]


def test_a_bad_playbook_is_a_bad_input_like_others():
    with pytest.raises(BadPlaybook) as caught:
        load({"onboarding": {"raid_joins": 0}})

    assert (caught.value.kind, caught.value.where) == ("bad-playbook", "onboarding.raid_joins")


def test_times_that_yaml_reads_as_numbers_are_times():
    text = "digest: {brief_time: 10:30, draft_time: 08:15}\ncountry: NO\n"

    playbook = load(yaml.safe_load(text))

    assert (playbook.digest.brief_time, playbook.digest.draft_time, playbook.country) == (
        time(10, 30),
        time(8, 15),
        "NO",
    )


def test_a_playbook_cannot_be_changed():
    with pytest.raises(ValidationError):
        NEUTRAL.onboarding.raid_joins = 7


def test_the_deputy_stands_in_for_somebody_away_and_an_escalation_never_goes_to_nobody():
    people = load(
        {
            "people": {
                "core_team": [
                    {"member": "nadia", "name": "Nadia", "absences": [{"first": "2026-03-02", "last": "2026-03-06"}]},
                    {"member": "omar", "name": "Omar", "deputy": "lise"},
                ]
            }
        }
    ).people

    assert people.on_duty(date(2026, 3, 1)) == ("nadia", "omar")
    assert people.on_duty(date(2026, 3, 6)) == ("omar",)
    alone = people.model_copy(update={"core_team": people.core_team[:1]})
    assert alone.on_duty(date(2026, 3, 6)) == ("nadia",)


def test_words_fall_back_to_the_nearest_voice():
    action = load({"totem": {"fr": "la réparation"}}).totem

    assert (action.text("fr-tu"), action.text("en")) == ("la réparation", "la réparation")
    assert load({"totem": "mending"}).totem.text("fr-vous") == "mending"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_playbook_is_whole(name):
    playbook = shipped(name)

    assert playbook.name
    assert playbook.totem
    assert len(playbook.people.core_team) >= 2
    assert playbook.people.founding_relays or playbook.people.relays
    assert all(getattr(playbook.places, place) for place in type(playbook.places).model_fields)
    assert len(playbook.skills) >= 5
    assert playbook.values
    assert playbook.goals
    assert {action.kind for action in playbook.onboarding.catalogue} >= {"ask", "answer", "introduce"}
    known = {skill.skill for skill in playbook.skills}
    assert {skill for action in playbook.onboarding.catalogue for skill in action.skills} <= known


def test_the_two_shipped_ones_speak_tu_and_english():
    assert (shipped("latelier").voice(), shipped("workshop").voice()) == ("fr-tu", "en")


def test_the_page_has_every_key_with_its_reason():
    page = playbook_page()

    assert all(f"| `{entry.name}` |" in page for entry in all_entries())
    assert all(entry.reason for entry in all_entries())
    assert "| `welcome_delay_minutes` | 0-1440 | minutes | `10` |" in page


def test_zones_are_those_of_the_package_whatever_the_machine_has():
    assert zoneinfo.TZPATH == ()
    assert zone_named("Europe/Paris") is not None
    assert zone_named("Moon/Base") is None
    assert zone_named("../etc/passwd") is None
