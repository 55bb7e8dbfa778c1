"""The week of the place: announcements, a poll, a meet-up, tasks, feedback, the team's own channel, the bot."""

from ruche.simulate.members import Member
from ruche.simulate.rhythm import HOUR, MINUTE, stamp
from ruche.simulate.threads import comment, kudos
from ruche.simulate.world import SOON, World

_MONDAY, _THURSDAY = 0, 3


def hold(world: World, day: int) -> None:
    """What the programme has for a day; in a lull, nothing."""
    week, weekday = divmod(day, 7)
    if world.days.is_lull(day):
        return
    _work(world, day)
    match weekday:
        case 0:
            _announced(world, day, week)
            _tasks(world, day)
            if week % 4 == 1:
                _outside(world, day, week)
        case 1:
            _meetup(world, day, week)
            _promised(world, day, week)
        case 2:
            _poll(world, day, week)
            _news(world, day, week)
        case 3:
            _feedback(world, day)
            if week % 4 == 0:
                _tried_out(world, day)
        case 4:
            _kudos(world, day)
        case 6:
            _kept(world, day, week)
        case _:
            pass


def _size(world: World, people: int) -> int:
    """One, and one more for each so many people present."""
    return 1 + len(world.crowd.members) // people


def _work(world: World, day: int) -> None:
    """The team's own channel, and the bot."""
    chance, language = world.chance, world.language
    if chance.happens(0.45):
        author, answers = chance.pick_some(world.team, 2)
        time = world.days.at(day, 9, chance.between(0, 500))
        said = world.write(author, time, language.channels.team, "message", chance.pick(language.team_words))
        if chance.happens(0.5):
            world.reply(answers, world.after(time, SOON), said, chance.pick(language.comments))
    if day % 7 in (_MONDAY, _THURSDAY):
        bot = Member(id=language.bot[0], name=language.bot[1], voice=0, joined=0, spoke=True)
        body = chance.pick(language.reminders)
        world.write(bot, world.days.at(day, 18), language.channels.general, "message", body, bot=True)


def _announced(world: World, day: int, week: int) -> None:
    title, body = world.language.announcements[week % len(world.language.announcements)]
    time = world.days.at(day, 10, world.chance.between(5, 50))
    said = world.write(
        world.team[0],
        time,
        world.language.channels.general,
        "announcement",
        body,
        title=title,
        origin="organisation",
    )
    world.liked(said, 2.0)
    comment(world, said, world.chance.below(3), world.language.comments)


def _poll(world: World, day: int, week: int) -> None:
    chance, language = world.chance, world.language
    title, body = language.polls[week % len(language.polls)]
    time = world.days.at(day, 12, chance.between(10, 50))
    said = world.write(world.team[2], time, language.channels.general, "message", body, title=title)
    poll = f"poll-{week + 1}"
    where = {"poll": poll, "post": said.post}
    world.agenda.add("poll.opened", time + 1500, f"{poll}/opened", poll, **where, member=world.team[2].id)
    voted = [world.team[2].id]
    for _ in range(chance.count(0.17 * len(world.crowd.members))):
        at = world.after(time, SOON)
        voter = world.crowd.reactor(chance, at, *voted[-30:])
        if voter is None or voter.id in voted:
            continue
        voted.append(voter.id)
        world.agenda.add("poll.voted", at, f"{poll}/voted/{voter.id}", poll, **where, member=voter.id)
        world.sign_of_life(voter, at)


def _meetup(world: World, day: int, week: int) -> None:
    """Planned on Tuesday, held on Saturday; most who said they would come do come."""
    chance, days, language = world.chance, world.days, world.language
    meetup, title = f"meetup-{week + 1}", language.meetups[week % len(language.meetups)]
    host = chance.pick(world.relays) if chance.happens(0.5) else world.team[1]
    held = days.at(day + 4, 14)
    people = {
        member.id: member
        for _ in range(3 + chance.count(0.1 * len(world.crowd.members)))
        if (member := world.crowd.reactor(chance, days.at(day, 12), host.id)) is not None
    }
    what = {"meetup": meetup, "title": title, "at": stamp(held), "channel": language.channels.workshops}
    time = days.at(day, 17, chance.between(0, 50))
    add = world.agenda.add
    add("meetup.scheduled", time, f"{meetup}/scheduled", meetup, **what, member=host.id, registered=sorted(people))
    if chance.happens(0.06):
        add("meetup.cancelled", held - 20 * HOUR, f"{meetup}/cancelled", meetup, **what, member=host.id)
        return
    for person in people.values():
        if chance.happens(0.75):
            came = held + int(chance.between(-5, 70) * MINUTE)
            add("meetup.attended", came, f"{meetup}/attended/{person.id}", meetup, **what, member=person.id)
            world.sign_of_life(person, came)
    add(
        "meetup.hosted",
        days.at(day + 4, 17, chance.between(20, 55)),
        f"{meetup}/hosted",
        meetup,
        **what,
        member=host.id,
    )


def _tasks(world: World, day: int) -> None:
    """Tasks are opened on Monday; some are taken, most of those get done."""
    chance, days, add = world.chance, world.days, world.agenda.add
    for _ in range(_size(world, 120)):
        task = f"task-{world.number('task')}"
        title, skill = chance.pick(world.language.tasks)
        time = days.at(day, 11, chance.between(0, 300))
        by = world.team[1].id
        due = stamp(days.at(day + 6, 18))
        add("task.opened", time, f"{task}/opened", task, task=task, title=title, skills=[skill], due=due, by=by)
        taken = world.after(time + 6 * HOUR, SOON)
        who = world.crowd.skilled(chance, taken, skill, by)
        if who is None or chance.happens(0.2):
            continue
        add("task.accepted", taken, f"{task}/accepted", task, task=task, member=who.id)
        done = days.awake(chance, taken + int(chance.between(8, 100)) * HOUR)
        if chance.happens(0.8):
            add("task.completed", done, f"{task}/completed", task, task=task, member=who.id)
        else:
            add("task.declined", done, f"{task}/declined", task, task=task, member=who.id)


def _feedback(world: World, day: int) -> None:
    """Members say what should be otherwise; most of it gets an outcome within two weeks."""
    chance, language, add = world.chance, world.language, world.agenda.add
    for _ in range(_size(world, 30)):
        time = world.days.moment(chance, day)
        who = world.crowd.reactor(chance, time, *(person.id for person in world.team))
        if who is None:
            continue
        feedback = f"feedback-{world.number('feedback')}"
        title, body = chance.pick(language.feedback)
        add(
            "feedback.submitted",
            time,
            f"{feedback}/submitted",
            feedback,
            feedback=feedback,
            member=who.id,
            title=title,
            body=body,
        )
        if chance.happens(0.75):
            outcome = chance.below(3)
            answered = world.days.awake(chance, time + int(chance.between(20, 150)) * HOUR)
            add(
                "feedback.answered",
                answered,
                f"{feedback}/answered",
                feedback,
                feedback=feedback,
                member=who.id,
                outcome=("adopted", "later", "no")[outcome],
                why=language.feedback_answers[outcome],
                by=world.team[0].id,
            )


def _kudos(world: World, day: int) -> None:
    chance = world.chance
    for _ in range(chance.count(0.09 * len(world.crowd.members))):
        time = world.days.moment(chance, day)
        giver = world.crowd.reactor(chance, time)
        receiver = world.crowd.talker(chance, time, giver.id) if giver else None
        if giver and receiver:
            kudos(world, giver, receiver, time)


def _news(world: World, day: int, week: int) -> None:
    title, url, subject = world.language.news[week % len(world.language.news)]
    time = world.days.at(day, 7, world.chance.between(0, 90))
    world.agenda.add("news.found", time, f"news/{week + 1}", subject, title=title, url=url, subject=subject)


def _tried_out(world: World, day: int) -> None:
    """A repair guide can be tried before it is printed; a few enrol and report."""
    chance, add, programme = world.chance, world.agenda.add, world.language.programme
    time = world.days.at(day, 15, chance.between(0, 50))
    round_ = f"{programme}-{day // 28 + 1}"
    add("beta.opened", time, f"{round_}/opened", round_, programme=round_, member=world.team[0].id)
    testers: list[str] = [person.id for person in world.team]
    for _ in range(_size(world, 40) + 1):
        enrolled = world.after(time, SOON)
        who = world.crowd.reactor(chance, enrolled, *testers)
        if who is None:
            continue
        testers.append(who.id)
        fact = {"programme": round_, "member": who.id}
        add("beta.enrolled", enrolled, f"{round_}/enrolled/{who.id}", round_, **fact)
        if chance.happens(0.6):
            reported = world.after(enrolled + 20 * HOUR, SOON)
            severity = chance.pick(("low", "medium", "high"))
            add("beta.reported", reported, f"{round_}/reported/{who.id}", round_, **fact, severity=severity)


def _promised(world: World, day: int, week: int) -> None:
    """On the Tuesday of every fourth week the sponsor says a word, and promises something for the week after."""
    if world.sponsor is None or week % 4:
        return
    promise = f"promise-{week // 4 + 1}"
    time = world.days.at(day, 11, world.chance.between(0, 90))
    body = world.chance.pick(world.language.sponsor_words)
    said = world.write(world.sponsor, time, world.language.channels.general, "message", body, origin="organisation")
    world.liked(said, 1.5)
    fact = {"promise": promise, "by": world.sponsor.id, "what": world.language.promise}
    due = stamp(world.days.at(day + 10, 18))
    world.agenda.add("promise.made", time + MINUTE, f"{promise}/made", promise, **fact, due=due)


def _kept(world: World, day: int, week: int) -> None:
    """The playbook's promise is kept on the first Sunday, before its day; the sponsor's own ones two days late."""
    if world.sponsor is None or (week and week % 4 != 1):
        return
    promise = f"promise-{week // 4 + 1}" if week else world.language.promised
    time = world.days.at(day, 11, world.chance.between(0, 90))
    world.agenda.add("promise.kept", time, f"{promise}/kept", promise, promise=promise, by=world.sponsor.id)


def _outside(world: World, day: int, week: int) -> None:
    """What came of it outside: things mended last week, and a word for the place elsewhere."""
    chance, language = world.chance, world.language
    time = world.days.at(day, 9, chance.between(0, 40))
    figure = {"goal": "success", "value": 4 + len(world.crowd.members) // 4 + chance.below(9), "unit": language.mended}
    period = world.days.week_of(day - 7)
    identity = f"outcome/{week}"
    world.agenda.add("outcome.reported", time, identity, "success", **figure, period=period, source=world.team[1].id)
    who = world.crowd.talker(chance, time, *(person.id for person in world.team))
    if who is not None:
        world.agenda.add(
            "advocacy.reported",
            world.after(time, SOON),
            f"advocacy/{week}",
            who.id,
            member=who.id,
            what=language.advocacy,
            confirmed_by=world.team[2].id,
        )
