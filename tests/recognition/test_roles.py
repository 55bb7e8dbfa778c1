"""Roles beside strata: three acts of a kind in sixty days, lapsed after a hundred and twenty without."""

import pytest

from facts import MONDAY, days, decided, fact, hours, joined, overruled, posted, replied
from recognised import conversation, people, pulse, told
from recognition.state_book import Contribution

WELCOMES = (
    "Bonjour et bienvenue ! Dis-nous ce qui t'amène, il y a toujours quelqu'un pour regarder avec toi.",
    "Content de te lire : pour une première panne, commence par débrancher puis par ouvrir doucement le capot.",
    "Salut ! Ici on aime les photos, alors montre-nous la pièce, on te dira quelle vis chercher au marché.",
    "Bienvenue parmi nous ; la réserve de pièces est au fond à gauche, et quelqu'un y passe tous les samedis.",
)


def acts_of(role, n, at):
    match role:
        case "helper":
            return conversation("zoe", "ana", at, post=f"q{n}")
        case "host":
            return [fact("meetup.hosted", at, meetup=f"m{n}", member="ana", title="Samedi")]
        case "editor":
            return [fact("synthesis.edited", at, synthesis=f"s{n}", member="ana", text="La semaine")]
        case "welcomer":
            newcomer = f"new{n}"
            return [
                joined(newcomer, at),
                posted(newcomer, at, post=f"n{n}"),
                replied("ana", f"n{n}", at + hours(1), body=WELCOMES[n]),
            ]
        case "tester":
            return [fact("beta.reported", at, programme=f"p{n}", member="ana")]
        case _:
            return [fact("advocacy.reported", at, member="ana", what="article", confirmed_by="eve")]


@pytest.mark.parametrize("role", ["helper", "host", "editor", "welcomer", "tester", "connector"])
def test_three_acts_of_a_kind_in_sixty_days_are_a_role(role):
    story = told(*people("ana", "zoe"))
    for n in range(2):
        story.when(*acts_of(role, n, MONDAY + days(10 * n))).expect_none("role.recognised")

    story.when(*acts_of(role, 2, MONDAY + days(40)))

    recognised = story.expect("role.recognised", member="ana", role=role, status="earned")
    assert recognised.data.acts == 3
    assert len(recognised.data.because[0].evidence) == 3
    story.when(*acts_of(role, 3, MONDAY + days(41))).expect_none("role.recognised", role=role)


def test_three_acts_over_a_longer_time_are_none():
    story = told(*people("ana", "zoe"))

    story.when(*[event for n in range(3) for event in acts_of("host", n, MONDAY + days(31 * n))])

    story.expect_none("role.recognised")


def test_a_role_lapses_after_a_hundred_and_twenty_days_without():
    story = told(*people("ana", "zoe"), *[event for n in range(3) for event in acts_of("host", n, MONDAY + days(n))])

    story.when(*pulse(MONDAY + days(3), 118))
    story.expect_none("role.recognised", status="lapsed")
    story.when(*pulse(MONDAY + days(121), 3))
    lapsed = story.expect("role.recognised", role="host", status="lapsed")
    assert lapsed.data.because[0].evidence

    story.when(*[event for n in range(3, 6) for event in acts_of("host", n, MONDAY + days(130 + n))])
    story.expect("role.recognised", role="host", status="earned")


def test_several_answers_in_one_thread_are_one_act():
    story = told(*people("ana", "zoe"), posted("zoe", MONDAY, post="q", kind="question"))

    story.when(*[replied("ana", "q", MONDAY + hours(n), body=f"Idée {n} : regarde là.") for n in range(1, 5)])

    story.expect_none("role.recognised")


def test_an_overruled_role_is_gone():
    story = told(*people("ana"), *[event for n in range(3) for event in acts_of("host", n, MONDAY + days(n))])

    story.when(overruled(story.all("role.recognised")[0], MONDAY + days(3)))

    assert story.row(Contribution, "ana").parts == ()


def test_an_editor_named_by_digest_is_one_too():
    story = told(*people("ana"))
    sections = {"sections": [], "title": "x", "text": "x", "markdown": "x", "html": "x"}
    for n in range(3):
        story.when(
            decided(
                "digest",
                "synthesis.published",
                MONDAY + days(7 * n),
                synthesis=f"s{n}",
                week="2026-W10",
                editor="ana",
                **sections,
            )
        )

    story.expect("role.recognised", member="ana", role="editor")


def test_a_deleted_answer_is_no_act():
    story = told(*people("ana", "zoe"), *[event for n in range(2) for event in acts_of("helper", n, MONDAY + days(n))])
    story.when(fact("post.deleted", MONDAY + days(2), post="q0-a", thread="q0"))

    story.when(*acts_of("helper", 2, MONDAY + days(3))).expect_none("role.recognised")
