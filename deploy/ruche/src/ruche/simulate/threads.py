"""Threads: questions and who answers them, talk, things shown; each with all that follows from it."""

from ruche.simulate.chance import Quantiles
from ruche.simulate.language import Craft, Lines
from ruche.simulate.members import Member
from ruche.simulate.rhythm import MINUTE
from ruche.simulate.world import SOON, Posted, World

_FIRST_ANSWER: Quantiles = (
    (0, 3),
    (0.2, 14),
    (0.45, 45),
    (0.65, 150),
    (0.8, 540),
    (0.92, 1800),
    (0.98, 5000),
    (1, 11000),
)
"""Minutes to the first answer of a question that gets one: half within the hour, some after days."""
_LATER_ANSWER: Quantiles = ((0, 5), (0.3, 40), (0.6, 200), (0.85, 900), (1, 6000))
_ANSWERS: Quantiles = ((0, 0), (0.13, 1), (0.55, 2), (0.82, 3), (0.94, 4), (1, 7))
"""How many answers a question gets, cut to a whole number: one in eight none."""
_COMMENTS: Quantiles = ((0, 0), (0.25, 1), (0.5, 2), (0.75, 4), (0.92, 6), (1, 9))


def sentence(*parts: str) -> str:
    """The parts that are not empty, in one paragraph."""
    return " ".join(part for part in parts if part)


def opened_up(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def ask(world: World, member: Member, time: int) -> None:
    """Somebody has a question; people with the skill answer, late or never."""
    chance, language, channels = world.chance, world.language, world.language.channels
    craft = chance.pick(language.crafts)
    if craft.slug in member.skills:
        craft = chance.pick(language.crafts)
    if chance.happens(0.1):  # asked in passing: no title, no tag, and no word of the platform that it is a question
        _, body = _breakdown(world, craft)
        asked = world.write(member, time, channels.general, "message", body)
    else:
        title, body = _how(world, craft) if chance.happens(0.25) else _breakdown(world, craft)
        channel = channels.help if chance.happens(0.88) else channels.workshops
        tags = None if chance.happens(0.08) else [craft.slug]
        urgent = chance.happens(0.04)
        text = sentence(body, language.urgent) if urgent else body
        priority = "urgent" if urgent else None
        image = True if chance.happens(0.2) else None
        asked = world.write(
            member, time, channel, "question", text, title=title, tags=tags, priority=priority, has_image=image
        )
    world.mended(asked, body)
    world.liked(asked, 0.35)
    if chance.happens(0.07) and (follower := world.crowd.reactor(chance, time, member.id)):
        follow(world, follower, asked)
    _answers(world, asked, craft)


def _greeting(world: World) -> str:
    greeting = world.chance.pick(world.language.greetings)
    return f"{greeting}\n" if greeting else ""


def _how(world: World, craft: Craft) -> tuple[str, str]:
    title, body = world.chance.pick(craft.how)
    return title, _greeting(world) + sentence(body, world.chance.pick(world.language.closings))


def _breakdown(world: World, craft: Craft) -> tuple[str, str]:
    chance, language = world.chance, world.language
    name, thing = chance.pick(craft.things)
    fault = chance.pick(craft.faults)
    trouble = opened_up(f"{thing} {fault}{chance.pick(language.since)}.")
    tried = chance.pick(craft.tried) if chance.happens(0.75) else ""
    told = sentence(trouble, tried, chance.pick(language.asks), chance.pick(language.closings))
    return language.breakdown_title.format(Thing=name, fault=fault), _greeting(world) + told


def _answers(world: World, asked: Posted, craft: Craft) -> None:
    chance, language = world.chance, world.language
    count = int(chance.along(_ANSWERS))
    advice = chance.pick_some(craft.advice, count)
    answered: list[str] = [asked.author.id]
    best: Posted | None = None
    for place in range(count):
        time = world.after(asked.time, _LATER_ANSWER if place else _FIRST_ANSWER)
        if best is not None:
            time = max(time, best.time + int(chance.between(3, 50) * MINUTE))
        who = world.crowd.skilled(chance, time, craft.slug, *answered)
        if who is None:
            break
        answered.append(who.id)
        known = place < len(advice)
        body = (
            sentence(chance.pick(language.openings), advice[place], chance.pick(language.last_words)) if known else ""
        )
        kind = "answer" if known else "comment"
        answer = world.reply(who, time, asked, body or chance.pick(language.comments), kind)
        world.liked(answer, 0.5 if place else 0.9)
        world.mended(answer, body or language.edited)
        best = best or answer
    if chance.happens(0.08) and (other := world.crowd.reactor(chance, asked.time, *answered)):
        world.reply(other, world.after(asked.time, SOON), asked, chance.pick(language.me_too))
    if best is not None:
        _thanks(world, asked, best)


def _thanks(world: World, asked: Posted, answer: Posted) -> None:
    """The asker says thank you, asks on, or says nothing; and may accept the answer."""
    chance, language, asker = world.chance, world.language, asked.author
    time = world.after(answer.time, SOON)
    if chance.happens(0.22):
        doubt, reply = chance.pick(language.follow_ups)
        more = world.reply(asker, time, answer, doubt)
        if chance.happens(0.7):
            time = world.after(time, SOON)
            world.reply(answer.author, time, more, reply, "answer")
        time = world.after(time + 5 * MINUTE, SOON)
    if chance.happens(0.6):
        world.reply(asker, time, answer, chance.pick(language.thanks).format(name=answer.author.name))
    if chance.happens(0.45):
        time += int(chance.between(1, 20) * MINUTE)
        accepted = {"member": asker.id, "post": answer.post, "thread": asked.thread, "answer_author": answer.author.id}
        world.agenda.add("answer.accepted", time, f"thread/{asked.thread}/accepted", answer.post, **accepted)
        if chance.happens(0.03):
            identity = f"thread/{asked.thread}/withdrawn"
            world.agenda.add("answer.withdrawn", world.after(time, SOON), identity, answer.post, **accepted)
    elif chance.happens(0.25):
        identity = f"thread/{asked.thread}/resolved"
        world.agenda.add("thread.resolved", time + MINUTE, identity, asked.thread, thread=asked.thread, member=asker.id)
    if chance.happens(0.06):
        identity = f"thread/{asked.thread}/rated"
        rated = {"member": asker.id, "thread": asked.thread, "helped": chance.happens(0.85)}
        world.agenda.add("help.rated", world.after(time, SOON), identity, asked.thread, **rated)
    if chance.happens(0.05):
        kudos(world, asker, answer.author, time + 5 * MINUTE, post=answer.post)


def talk(world: World, member: Member, time: int) -> None:
    """Somebody says something in the general channel, or shows what they mended; others comment."""
    chance, language, channels = world.chance, world.language, world.language.channels
    shown = bool(member.skills) and chance.happens(0.4)
    if shown:
        craft = next(craft for craft in language.crafts if craft.slug == member.skills[0])
        body, title = chance.pick(craft.shown), chance.pick(language.shown_titles)
        said = world.write(
            member, time, channels.workshops, "showcase", body, title=title, tags=[craft.slug], has_image=True
        )
        world.liked(said, 2.4)
    elif chance.happens(0.05):
        title, body = chance.pick(language.complaints)
        said = world.write(member, time, channels.general, "message", body, title=title, complaint=True)
        world.reply(world.team[1], world.after(time, SOON), said, language.troubles[0].answers[0])
    else:
        body = chance.pick(language.chatter)
        said = world.write(member, time, channels.general, "message", body)
        world.liked(said, 1.0)
        if chance.happens(0.03):
            world.flagged(said, upheld=False, minutes=chance.between(10, 200))
    world.mended(said, body)
    comment(world, said, int(chance.along(_COMMENTS)), language.praise if shown else language.comments)


def comment(world: World, said: Posted, count: int, lines: Lines) -> None:
    """Others comment on something, one after the other."""
    latest = said
    for body in world.chance.pick_some(lines, count):
        time = world.after(latest.time, SOON)
        who = world.crowd.talker(world.chance, time, latest.author.id)
        if who is None:
            return
        latest = world.reply(who, time, said, body)
        world.liked(latest, 0.3)


def follow(world: World, member: Member, posted: Posted) -> None:
    """Somebody wants to know what becomes of a thread."""
    time = world.after(posted.time, SOON)
    identity = f"thread/{posted.thread}/followed/{member.id}"
    world.agenda.add("thread.followed", time, identity, posted.thread, member=member.id, thread=posted.thread)


def kudos(world: World, giver: Member, receiver: Member, time: int, post: str | None = None) -> None:
    """Somebody thanks somebody, with a reason."""
    identity = f"kudos/{world.number('kudos')}"
    reason = world.chance.pick(world.language.kudos)
    world.agenda.add(
        "kudos.given", time, identity, receiver.id, member=giver.id, receivers=[receiver.id], reason=reason, post=post
    )
