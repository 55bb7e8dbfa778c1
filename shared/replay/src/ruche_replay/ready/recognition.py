"""Ready stories of recognition: thanks, strata, roles, the circle, tasks."""

from contracts.envelope import AnyEvent
from ruche_replay.facts import (
    FRIDAY,
    MONDAY,
    accepted,
    days,
    decided,
    deleted,
    fact,
    hours,
    joined,
    left,
    minutes,
    overruled,
    paused,
    posted,
    reacted,
)
from ruche_replay.ready.catalogue import BEFORE, Scene, leads_to
from ruche_replay.ready.lives import conversation, in_order, people, pulse
from ruche_replay.story import Story

TEAM = {"manager": "eve", "core_team": [{"member": "eve", "name": "Eve"}]}
CIRCLE = {"people": {**TEAM, "relays": ["rea"]}, "recognition": {"perks": [{"perk": "key", "name": "a key"}]}}


def _told(scene: Scene, *happenings: AnyEvent, playbook: dict[str, object] | None = None) -> Story:
    known = people("ana", "ben", "zoe", at=BEFORE)
    return scene.given(*known, *happenings, playbook={"people": TEAM, **(playbook or {})}, opened=BEFORE)


@leads_to("points.awarded", member="ana", act="active_day")
def awarded(scene: Scene) -> Story:
    """Points are given inside, for an act; nobody but the member sees them."""
    return _told(scene, posted("ana", MONDAY))


@leads_to("points.withdrawn", member="ana", reason="deleted")
def withdrawn(scene: Scene) -> Story:
    """A post that is deleted takes its points with it."""
    helped = conversation("zoe", "ana", MONDAY, post="q")
    return _told(scene, *helped, deleted("q-a", MONDAY + hours(3), thread="q"))


def _pair(scene: Scene) -> Story:
    crowd = [f"m{n}" for n in range(32)]
    posts = [posted(name, MONDAY, post=f"{name}{n}") for name in ("ana", "ben") for n in range(12)]
    story = _told(scene, *people(*crowd, at=BEFORE), *[posted(name, MONDAY - days(1)) for name in crowd], *posts)
    for n in range(12):
        at = MONDAY + days(n) + hours(3)
        story.when(reacted("ana", f"ben{n}", at), reacted("ben", f"ana{n}", at + minutes(1)))
    return story


@leads_to("gaming.suspected", members=("ana", "ben"))
def suspected(scene: Scene) -> Story:
    """Two people who give each other most of what they get: a human decides."""
    return _pair(scene)


@leads_to("points.held")
def points_held(scene: Scene) -> Story:
    """Until the human's word, what the two give each other waits."""
    return _pair(scene)


@leads_to("stratum.raised", member="ana", stratum="taking_part")
def raised(scene: Scene) -> Story:
    """One post and two active days are taking part."""
    return _told(scene, posted("ana", MONDAY), posted("ana", MONDAY + days(1)))


@leads_to("stratum.lowered", member="ana", decided_by="human")
def lowered(scene: Scene) -> Story:
    """The manager takes a step back."""
    story = raised(scene)
    return story.when(overruled(story.all("stratum.raised", member="ana")[-1], MONDAY + days(1)))


@leads_to("role.recognised", member="ana", role="host", status="earned")
def recognised(scene: Scene) -> Story:
    """Three acts of a kind in sixty days are a role."""
    hosted = [fact("meetup.hosted", MONDAY + days(n), meetup=f"m{n}", member="ana", title="Saturday") for n in range(3)]
    return _told(scene, *hosted)


@leads_to("member.thanked", member="ana", audience="public")
def thanked(scene: Scene) -> Story:
    """On Friday at 11:30 those who helped are thanked, with what it changed."""
    return _told(scene, *conversation("zoe", "ana", MONDAY, post="q")).until(FRIDAY + hours(2))


def _helped(scene: Scene) -> Story:
    helped = conversation("zoe", "ana", MONDAY, post="q")
    return _told(scene, *helped, accepted("q-a", "q", "zoe", MONDAY + hours(2)))


@leads_to("milestone.reached", member="ana", milestone="accepted_answers", count=1)
def milestone(scene: Scene) -> Story:
    """The first accepted answer, once for life."""
    return _helped(scene)


@leads_to("impact.told", member="ana")
def impact(scene: Scene) -> Story:
    """Once a month, what became of one's help."""
    story = _helped(scene).when(*[reacted(name, "q-a", MONDAY + hours(3)) for name in ("ben", "cy")])
    return story.until(MONDAY.replace(month=4, day=2))


def _mainstay(scene: Scene) -> Story:
    """Ana has been a mainstay for ninety days, by the manager's word."""
    locked = fact("stratum.locked", MONDAY, member="ana", by="eve", value="holding_up")
    return _told(scene, posted("ana", MONDAY), locked, *pulse(MONDAY + hours(1), 92, "ana"), playbook=CIRCLE)


@leads_to("relay.invited", member="ana")
def invited(scene: Scene) -> Story:
    """Two nominations, or the manager's, of a mainstay of ninety days."""
    return _mainstay(scene).when(fact("nomination.made", member="ana", by="eve", reason="always there"))


@leads_to("relay.appointed", member="rea")
def appointed(scene: Scene) -> Story:
    """Of the circle by the playbook's word; else after the member's yes and a human's."""
    return _told(scene, joined("rea", BEFORE), posted("rea", MONDAY), playbook=CIRCLE)


@leads_to("relay.rested", member="rea", status="resting")
def rested(scene: Scene) -> Story:
    """A relay who pauses rests, and keeps the place."""
    return appointed(scene).when(paused("rea", MONDAY + days(1), until=MONDAY + days(10)))


@leads_to("relay.retired", member="rea", reason="left")
def retired(scene: Scene) -> Story:
    """A relay who leaves the community leaves the circle."""
    return appointed(scene).when(left("rea", MONDAY + days(1)))


@leads_to("perk.granted", member="rea", perk="key")
def granted(scene: Scene) -> Story:
    """The circle's perks come with the place."""
    return appointed(scene)


@leads_to("perk.ended", member="rea", perk="key", reason="left")
def perk_ended(scene: Scene) -> Story:
    """They end with it."""
    return retired(scene)


def _task(scene: Scene) -> Story:
    locked = fact("stratum.locked", MONDAY, member="ana", by="eve", value="lending_a_hand")
    story = _told(scene, joined("ana", BEFORE, skills=["sewing"]), posted("ana", MONDAY), locked)
    return story.when(fact("task.opened", task="t", title="Mend the bags", by="eve", skills=["sewing"]))


@leads_to("task.offered", task="t", member="ana")
def offered(scene: Scene) -> Story:
    """A task is offered to whom it suits best by skill and load."""
    return _task(scene)


@leads_to("task.assigned", task="t", member="ana")
def assigned(scene: Scene) -> Story:
    """A yes within 48 hours."""
    return _task(scene).after(hours=1).when(fact("task.accepted", task="t", member="ana"))


@leads_to("task.passed", task="t", member="ana", reason="silent")
def passed(scene: Scene) -> Story:
    """Silence for 48 hours passes it on."""
    return _task(scene).after(hours=49)


@leads_to("member.fading", member="ana", sign="silence")
def fading(scene: Scene) -> Story:
    """Twenty acts in ninety days, then three weeks of silence: told to the paired relay alone."""
    paired = decided("onboarding", "relay.paired", MONDAY - days(1), newcomer="ana", member="rea", attempt=1)
    acts = [posted("ana", MONDAY + days(n)) for n in range(20)]
    return _told(
        scene, joined("rea", BEFORE), paired, *in_order([*acts, *pulse(MONDAY + hours(1), 44)]), playbook=CIRCLE
    )
