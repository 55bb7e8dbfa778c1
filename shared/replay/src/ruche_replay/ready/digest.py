"""Ready stories of digest: freshness, synthesis, indicators, the morning note."""

from contracts.envelope import AnyEvent
from ruche_replay.facts import (
    MONDAY,
    asked,
    chose,
    days,
    decided,
    described,
    fact,
    hours,
    joined,
    minutes,
    posted,
    replied,
)
from ruche_replay.ready.catalogue import BEFORE, Scene, leads_to
from ruche_replay.ready.lives import weeks_of_threads
from ruche_replay.story import Story

TEAM = {"people": {"manager": "eve", "core_team": [{"member": "eve", "name": "Eve"}]}, "places": {"general": "general"}}
OFFICE = {**TEAM, "hours": "pro"}
THURSDAY_BEFORE = MONDAY - days(4)


@leads_to("content.missing")
def missing(scene: Scene) -> Story:
    """By the hour at which most threads usually exist there is none: the manager is told, with a prompt."""
    return scene.given(*weeks_of_threads(MONDAY), playbook=TEAM, opened=BEFORE - days(7)).until(MONDAY)


@leads_to("prompt.published", source="bank")
def prompted(scene: Scene) -> Story:
    """Three hours later still none: the prompt is put to members, signed by a person."""
    return missing(scene).after(hours=3)


def _week(scene: Scene, *more: AnyEvent) -> Story:
    """Enough for a synthesis: a thread, an open question, thanks."""
    at = THURSDAY_BEFORE
    deed = {"kind": "answer", "thread": None, "title": None}
    thanks = {"thanks": "2026-W09", "week": "2026-W09", "audience": "public", "helper": True, "deeds": [deed]}
    return scene.given(
        *more,
        joined("cy", at),
        posted("ana", at, post="t", title="Soles"),
        *[replied(f"r{n}", "t", at + minutes(5 + n)) for n in range(3)],
        asked("bea", at + minutes(10), post="q", title="Which glue?"),
        decided("recognition", "member.thanked", at + hours(1), member="cy", place=1, **thanks),
        playbook=OFFICE,
    )


@leads_to("synthesis.drafted")
def drafted(scene: Scene) -> Story:
    """The synthesis is drafted the business day before at 09:00."""
    return _week(scene).until(MONDAY)


@leads_to("synthesis.published")
def published(scene: Scene) -> Story:
    """And goes out on Tuesday at 10:00, edited or not."""
    return _week(scene).until(MONDAY + days(1))


@leads_to("editor.asked", member="ana")
def editor(scene: Scene) -> Story:
    """A mainstay who knows the subjects is asked to edit it."""
    at = MONDAY - days(6)
    step = {"previous": "lending_a_hand", "stratum": "holding_up"}
    # The manager's word for recognition, where it takes part; what it says of it, where it does not.
    locked = fact("stratum.locked", at, member="ana", by="eve", value="holding_up")
    strong = decided("recognition", "stratum.raised", at, member="ana", **step)
    return _week(scene, joined("ana", at - days(1)), posted("ana", at), locked, strong).until(MONDAY)


@leads_to("digest.sent", member="zoe")
def sent(scene: Scene) -> Story:
    """Who wants it, and was away for a week, gets what was said about what they know."""
    start = MONDAY - days(6)
    wants = [joined("zoe", start, skills=["bikes"]), chose("zoe", start, digest=True)]
    threads = [
        posted("ana", start + days(n) + hours(1), post=f"b{n}", title=f"Bike {n}", tags=["bikes"]) for n in range(9)
    ]
    return scene.given(*wants, *threads)


@leads_to("feedback.overdue", feedback="f")
def overdue(scene: Scene) -> Story:
    """Ten business days without an outcome."""
    said = fact("feedback.submitted", MONDAY, feedback="f", member="ana", title="A thread for each town")
    return scene.given(said, playbook=TEAM).after(days=15)


@leads_to("meetup.missing")
def meetup_missing(scene: Scene) -> Story:
    """No meet-up in the next thirty days, on a platform that could tell: three subjects from open questions."""
    question = asked("bea", MONDAY - days(2), post="q", tags=["bikes"])
    return scene.given(described(MONDAY - days(3), "meetup.scheduled"), question, playbook=TEAM).until(
        MONDAY + hours(1)
    )


@leads_to("voice.reported", month="2026-02")
def voice(scene: Scene) -> Story:
    """On the first business day of a month, what was asked, complained of and wished for."""
    questions = [asked("ana", MONDAY - days(15) + hours(n), post=f"q{n}", tags=["bikes"]) for n in range(3)]
    return scene.given(*questions, playbook=TEAM, opened=MONDAY - days(20)).until(MONDAY)


@leads_to("promotion.excess")
def excess(scene: Scene) -> Story:
    """More than a tenth of the posts of four weeks are promotion."""
    posts = [posted(f"m{n % 5}", MONDAY - days(20) + minutes(n), post=f"p{n}", promotional=n < 3) for n in range(20)]
    return scene.given(*posts, playbook=TEAM, opened=MONDAY - days(22)).until(MONDAY)


@leads_to("indicators.computed", period="week")
def computed(scene: Scene) -> Story:
    """Every day and every week that is over, each indicator with its definition."""
    return scene.given(posted("ana"), playbook=TEAM).after(days=7)


@leads_to("goal.reported", goal="success")
def goal(scene: Scene) -> Story:
    """A declared goal, with a figure from outside."""
    goals = {"goals": [{"goal": "success", "what": "things mended", "target": 120, "unit": "things"}]}
    figure = fact(
        "outcome.reported",
        MONDAY,
        goal="success",
        value=40,
        unit="things",
        period="2026-02",
        source_="the workshop book",
    )
    return scene.given(figure, playbook={**TEAM, **goals})


@leads_to("stage.changed", stage="newborn")
def stage(scene: Scene) -> Story:
    """The life stage, after two weeks that say the same."""
    weeks = [posted(f"m{n}", MONDAY + days(7 * week) + minutes(n)) for week in range(2) for n in range(5)]
    return scene.given(*weeks, playbook=TEAM).until(MONDAY + days(14))


@leads_to("brief.sent")
def brief(scene: Scene) -> Story:
    """Every business day at 08:45, one note to the manager."""
    return scene.given(posted("ana", MONDAY - days(1)), playbook=TEAM).until(MONDAY)


@leads_to("platform.silent", source="/platforms/forum")
def silent(scene: Scene) -> Story:
    """No fact for ten times the usual gap."""
    posts = [posted("ana", MONDAY - days(5) + hours(3 * n), post=f"p{n}") for n in range(40)]
    return scene.given(*posts, playbook=TEAM).until(MONDAY + days(2))
