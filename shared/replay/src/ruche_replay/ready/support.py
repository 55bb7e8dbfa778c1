"""Ready stories of support: no question left to die."""

from contracts.envelope import AnyEvent
from ruche_replay.facts import (
    MONDAY,
    accepted,
    asked,
    days,
    fact,
    hours,
    joined,
    minutes,
    posted,
    replied,
)
from ruche_replay.ready.catalogue import Scene, leads_to
from ruche_replay.story import Story

TEAM = {"people": {"manager": "eve", "core_team": [{"member": "eve", "name": "Eve"}]}}
TITLE = "How do I glue a leather sole back on?"
EARLIER = MONDAY - days(2)


def _asked(scene: Scene, *before: AnyEvent) -> Story:
    question = asked("ana", MONDAY, post="q", title=TITLE, body="It comes off at the heel.", tags=["shoes"])
    return scene.given(*before, joined("ana", MONDAY - minutes(30)), question, playbook=TEAM)


def _answered(scene: Scene, *before: AnyEvent) -> Story:
    answer = "Neoprene glue, and a night under a press."
    return _asked(scene, *before).after(minutes=20).when(replied("bob", "q", post="a", body=answer))


@leads_to("question.opened", post="q", told_by="platform")
def opened(scene: Scene) -> Story:
    """A post is a question by the platform's word, else by its own."""
    return _asked(scene)


@leads_to("question.cancelled", post="q", reason="author")
def cancelled(scene: Scene) -> Story:
    """Its author closes it."""
    return _asked(scene).after(minutes=5).when(fact("post.closed", post="q", thread="q", member="ana"))


@leads_to("question.warned", post="q", clock="first_answer")
def warned(scene: Scene) -> Story:
    """At three quarters of the target nobody has answered."""
    return _asked(scene).after(minutes=45)


@leads_to("question.unanswered", post="q", stage=1)
def unanswered(scene: Scene) -> Story:
    """An hour of office time without an answer: the help place is told."""
    return _asked(scene).after(minutes=60)


@leads_to("question.responded", post="q", reply="r")
def responded(scene: Scene) -> Story:
    """The first human word in the thread stops the first clock."""
    return _asked(scene).after(minutes=5).when(replied("bob", "q", post="r", body="Hm."))


@leads_to("question.answered", post="q", reply="a", within_target=True)
def answered(scene: Scene) -> Story:
    """The first answer: twenty characters, or a link, code, an image."""
    return _answered(scene)


@leads_to("helper.credited", post="q", member="bob")
def credited(scene: Scene) -> Story:
    """Whoever answered first is credited."""
    return _answered(scene)


@leads_to("question.solved", post="q", told_by="accepted")
def solved(scene: Scene) -> Story:
    """The answer is accepted."""
    return _answered(scene).after(hours=1).when(accepted("a", "q", "ana"))


@leads_to("question.reopened", post="q", reason="not_helped")
def reopened(scene: Scene) -> Story:
    """The asker says that it did not help after all."""
    return solved(scene).after(days=1).when(fact("help.rated", member="ana", thread="q", helped=False))


@leads_to("question.dormant", post="q", reason="answered")
def dormant(scene: Scene) -> Story:
    """Answered, and left so for fourteen days; one without an answer is never dormant."""
    return _answered(scene).after(days=15)


def _helpers(*names: str) -> list[AnyEvent]:
    return [event for name in names for event in _helper(name)]


def _helper(name: str) -> list[AnyEvent]:
    return [joined(name, EARLIER, skills=["shoes"]), posted(name, EARLIER + hours(1))]


@leads_to("helper.asked", post="q", member="kim")
def helper_asked(scene: Scene) -> Story:
    """At three quarters of the target two members with the skill are asked."""
    return _asked(scene, *_helpers("kim")).after(minutes=45)


@leads_to("helper.passed", post="q", member="kim", reason="silent")
def helper_passed(scene: Scene) -> Story:
    """Half an hour without a word passes it on to the next."""
    return helper_asked(scene).after(minutes=31)


@leads_to("answer.suggested", member="dan")
def suggested(scene: Scene) -> Story:
    """A solved thread that matches is shown to whoever asks the same, unless it is their very first question."""
    first = asked("dan", EARLIER, post="first", title="Where is the room?", body="I cannot find it.")
    again = asked("dan", post="again", title="Glue for a leather sole that comes off", body="At the heel.")
    story = _answered(scene, joined("dan", EARLIER), first).after(hours=1).when(accepted("a", "q", "ana"))
    return story.after(days=1).when(again)


@leads_to("care.needed", member="lou", nature="distress")
def care(scene: Scene) -> Story:
    """Words of distress bring the core team at once, at any hour, and nobody and nothing else."""
    cry = posted("lou", post="p", body="I can't go on, I want to end my life.")
    return scene.given(joined("lou", MONDAY - days(3)), cry, playbook=TEAM)


def _complaints(scene: Scene) -> Story:
    said = [
        posted(f"m{n % 3}", MONDAY + minutes(n), body="C'est inadmissible, encore une panne.", tags=["outage"])
        for n in range(5)
    ]
    return scene.given(*said, playbook=TEAM)


@leads_to("crisis.proposed", complaints=5, people=3)
def crisis_proposed(scene: Scene) -> Story:
    """Five complaints by three people on one subject within the hour: a human opens it, or not."""
    return _complaints(scene)


@leads_to("crisis.opened", scope="inside")
def crisis_opened(scene: Scene) -> Story:
    """Without a human's word for a quarter of an hour it opens for inside effects only."""
    return _complaints(scene).after(minutes=16)


@leads_to("crisis.updated", scope="full")
def crisis_updated(scene: Scene) -> Story:
    """While it is open, an update is asked every four hours."""
    story = _complaints(scene)
    crisis = story.all("crisis.proposed")[-1].data.crisis
    return story.when(fact("crisis.declared", crisis=crisis, by="eve")).after(hours=5)


@leads_to("crisis.closed", reason="quiet")
def crisis_closed(scene: Scene) -> Story:
    """A day below what it takes closes it."""
    return crisis_updated(scene).after(days=1)
