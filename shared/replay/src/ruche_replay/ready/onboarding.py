"""Ready stories of onboarding: from arrival to habit."""

from contracts.envelope import AnyEvent
from ruche_replay.facts import (
    MONDAY,
    TUESDAY,
    asked,
    chose,
    days,
    described,
    fact,
    hours,
    joined,
    motivated,
    posted,
    replied,
    said_yes,
    seconds,
)
from ruche_replay.ready.catalogue import Scene, leads_to
from ruche_replay.ready.lives import in_order, reactions
from ruche_replay.story import Story

RELAYS = {"people": {"relays": ["rea"]}}
LAUNCH = {
    "launch": {
        "start": "2026-03-02",
        "waves": [{"wave": "friends", "name": "friends", "populations": ["friends"], "opens": "2026-03-02"}],
    }
}


@leads_to("member.welcomed", member="ana")
def welcomed(scene: Scene) -> Story:
    """Ten minutes after the first arrival of a gathering, all who came are welcomed in one text."""
    return scene.given(joined("ana")).after(minutes=10)


@leads_to("welcome.held", member="m5", reason="raid")
def held(scene: Scene) -> Story:
    """More than five arrivals in a minute are held until it is calm."""
    return scene.given(*[joined(f"m{n}", MONDAY + seconds(n)) for n in range(6)])


@leads_to("member.introduced", member="ana")
def introduced(scene: Scene) -> Story:
    """Who agreed is introduced on the next Tuesday or Thursday at 10:00."""
    story = scene.given(joined("ana", skills=["sewing"], experience="Ten years of mending")).after(minutes=10)
    return story.when(chose("ana", introduce=True)).until(TUESDAY + hours(1))


@leads_to("action.proposed", member="ana", step=1)
def proposed(scene: Scene) -> Story:
    """With the welcome one first action is offered, by motivation, then skill, then the order of the catalogue."""
    return welcomed(scene)


@leads_to("action.completed", member="ana", kind="ask")
def completed(scene: Scene) -> Story:
    """The first action is done by its own kind of fact; here by a first question."""
    return welcomed(scene).after(hours=1).when(asked("ana"))


@leads_to("action.expired", member="ana")
def expired(scene: Scene) -> Story:
    """A first action not done within seven days."""
    return welcomed(scene).after(days=8)


def _arrived(scene: Scene) -> Story:
    story = scene.given(joined("rea", MONDAY - days(3)), playbook=RELAYS).until(MONDAY)
    return story.when(joined("ana")).after(hours=1)


@leads_to("relay.asked", newcomer="ana", member="rea")
def relay_asked(scene: Scene) -> Story:
    """At a newcomer's first sign of life a relay is asked to look after them."""
    return _arrived(scene).when(posted("ana"))


@leads_to("relay.paired", newcomer="ana", member="rea")
def relay_paired(scene: Scene) -> Story:
    """The relay's yes pairs the two for a month."""
    return relay_asked(scene).after(hours=1).when(said_yes("rea", "ana"))


@leads_to("relay.released", newcomer="ana", member="rea", reason="silent")
def relay_released(scene: Scene) -> Story:
    """A relay who says nothing for 48 hours is asked no more."""
    return relay_asked(scene).after(days=2, hours=1)


@leads_to("newcomer.unanswered", member="ana", stage=1)
def first_post(scene: Scene) -> Story:
    """A newcomer's first post without a human reply for an hour of office time."""
    return welcomed(scene).when(posted("ana", post="p")).after(hours=1)


@leads_to("member.unheard", member="ana")
def unheard(scene: Scene) -> Story:
    """Somebody's last three posts, none of them with a reply a day after the last."""
    story = welcomed(scene)
    for post in ("p1", "p2", "p3"):
        story.when(posted("ana", post=post)).after(days=1)
    return story


@leads_to("member.onboarded", member="ana")
def onboarded(scene: Scene) -> Story:
    """Welcomed, the introduction answered either way, the first action done, and a human reply."""
    emits = ("member.joined", "post.created", "preference.changed")
    story = scene.given(described(MONDAY - days(1), *emits), joined("ana"), joined("bob")).after(hours=1)
    return story.when(asked("ana", post="q"), chose("ana", introduce=False)).after(hours=1).when(replied("bob", "q"))


@leads_to("onboarding.stalled", member="ana")
def stalled(scene: Scene) -> Story:
    """After thirty days something is still missing: one question, four taps."""
    return welcomed(scene).when(motivated("ana")).after(days=31)


@leads_to("habit.installed", member="ana")
def habit(scene: Scene) -> Story:
    """Active in three of the first four weeks."""
    return scene.given(*reactions("ana", MONDAY, 0, 8, 15))


def _silent(scene: Scene, until: int) -> Story:
    acts: list[AnyEvent] = [*reactions("ana", MONDAY, *range(5)), *reactions("zoe", MONDAY, *range(until))]
    return scene.given(*in_order(acts))


@leads_to("member.lapsed", member="ana")
def lapsed(scene: Scene) -> Story:
    """Somebody who came often has been silent for more than 28 days."""
    return _silent(scene, 36)


@leads_to("member.returned", member="ana", after="lapse")
def returned(scene: Scene) -> Story:
    """Back after a lapse."""
    return _silent(scene, 40).when(posted("ana", MONDAY + days(40)))


@leads_to("launch.checked")
def launch_checked(scene: Scene) -> Story:
    """Every day of the launch programme each prerequisite is checked."""
    return scene.given(playbook=LAUNCH).after(days=1)


@leads_to("wave.opened", wave="friends")
def wave_opened(scene: Scene) -> Story:
    """A wave of populations opens on its day."""
    return scene.given(playbook=LAUNCH).after(days=1)


@leads_to("promise.late", promise="room")
def promise_late(scene: Scene) -> Story:
    """A promise that was not kept on its day."""
    made = fact("promise.made", MONDAY, promise="room", by="eve", what="a room", due=MONDAY + days(2), to="members")
    return scene.given(made).after(days=3)
