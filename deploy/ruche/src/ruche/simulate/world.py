"""The place in which a simulation happens, and what anybody can do there: write, react, mend, show a sign of life."""

from typing import Any, NamedTuple

from contracts.choice import stable_hash
from ruche.simulate.agenda import Agenda
from ruche.simulate.chance import Chance, Quantiles
from ruche.simulate.language import Language
from ruche.simulate.members import Crowd, Member
from ruche.simulate.rhythm import MINUTE, Days

SOON: Quantiles = ((0, 2), (0.4, 15), (0.7, 70), (0.9, 500), (1, 2800))
"""Minutes after which somebody reacts to what concerns them."""
_YES: Quantiles = ((0, 4), (0.4, 30), (0.7, 120), (0.9, 500), (1, 1800))
"""Minutes after which a relay answers."""
_LIKED: Quantiles = ((0, 0), (0.5, 0.6), (0.8, 1.4), (0.95, 3), (1, 8))
"""How much better liked than the average a post is: most hardly, some a lot."""
_MARKS = ("👍", "👍", "👍", "❤️", "❤️", "🙏", "🎉", "💡")
_PAIRINGS = 3
_PAIRING_DAYS = 30


class Posted(NamedTuple):
    """Something written: where it stands, who wrote it, and when."""

    post: str
    thread: str
    author: Member
    time: int
    channel: str


class World:
    """Everything the scenes of a simulation share.

    Attributes:
        chance: the chance of the day; a stream of its own each day, so that days are made one by one.
        team: the core team, in the order of the playbook.
        relays: the founding relays.
        sponsor: who speaks for the house that lends the rooms.
    """

    def __init__(self, language: Language, days: Days, agenda: Agenda) -> None:
        self.language = language
        self.days = days
        self.agenda = agenda
        self.crowd = Crowd()
        self.chance = Chance("before the first day")
        self.team: tuple[Member, ...] = ()
        self.relays: tuple[Member, ...] = ()
        self.sponsor: Member | None = None
        self._counts: dict[str, int] = {}
        self._pairings: dict[str, list[int]] = {}

    def number(self, kind: str) -> int:
        """The next number of a kind of thing, from 1."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind]

    def after(self, time: int, minutes: Quantiles) -> int:
        """A moment so long after another, when people are about."""
        return self.days.awake(self.chance, time + int(self.chance.along(minutes) * MINUTE))

    def write(  # a post has that many parts
        self,
        author: Member,
        time: int,
        channel: str,
        kind: str,
        body: str,
        *,
        to: Posted | None = None,
        title: str | None = None,
        **more: Any,
    ) -> Posted:
        """Somebody writes, below `to` or as the opening of a new thread."""
        post = f"p-{self.number('post'):06}"
        thread = to.thread if to else f"t-{self.number('thread'):06}"
        posted = Posted(post, thread, author, time, to.channel if to else channel)
        self.agenda.add(
            "post.created",
            time,
            f"post/{post}/created",
            post,
            member=author.id,
            post=post,
            thread=thread,
            reply_to=to.post if to else None,
            channel=posted.channel,
            kind=kind,
            title=title,
            body=body,
            locale=self.language.code,
            **more,
        )
        self.sign_of_life(author, time)
        return posted

    def reply(self, author: Member, time: int, to: Posted, body: str, kind: str = "comment", **more: Any) -> Posted:
        """Somebody writes below what was written."""
        return self.write(author, time, to.channel, kind, body, to=to, **more)

    def liked(self, posted: Posted, mean: float) -> None:
        """Others react to a post: so many on average, some posts far more than others."""
        reacted = [posted.author.id]
        for _ in range(self.chance.count(mean * self.chance.along(_LIKED))):
            time = self.after(posted.time, SOON)
            member = self.crowd.reactor(self.chance, time, *reacted)
            if member is None:
                return
            reacted.append(member.id)
            fact = {
                "member": member.id,
                "post": posted.post,
                "thread": posted.thread,
                "reaction": self.chance.pick(_MARKS),
                "post_author": posted.author.id,
            }
            self.agenda.add("reaction.added", time, f"reaction/{posted.post}/{member.id}", posted.post, **fact)
            if self.chance.happens(0.02):
                identity = f"reaction/{posted.post}/{member.id}/removed"
                self.agenda.add("reaction.removed", time + 3 * MINUTE, identity, posted.post, **fact)

    def mended(self, posted: Posted, body: str) -> None:
        """Now and then somebody edits what they wrote, or takes it away."""
        where = {"post": posted.post, "thread": posted.thread, "member": posted.author.id}
        if self.chance.happens(0.05):
            time = posted.time + int(self.chance.between(2, 30) * MINUTE)
            text = f"{body} {self.language.edited}"
            self.agenda.add("post.updated", time, f"post/{posted.post}/updated", posted.post, **where, body=text)
        if self.chance.happens(0.012):
            time = self.after(posted.time + 40 * MINUTE, SOON)
            self.agenda.add("post.deleted", time, f"post/{posted.post}/deleted", posted.post, **where)

    def flagged(self, posted: Posted, *, upheld: bool, minutes: float) -> None:
        """Somebody reports a post, and the core team judges; what was rightly reported is taken away."""
        time = posted.time + int(minutes * MINUTE)
        where = {"post": posted.post, "thread": posted.thread}
        category = self.chance.pick(self.language.flags)
        by = self.crowd.reactor(self.chance, time, posted.author.id, self.team[1].id)
        if by is not None:
            identity = f"post/{posted.post}/flagged"
            self.agenda.add("post.flagged", time, identity, posted.post, **where, member=by.id, category=category)
        judged = time + int(self.chance.between(4, 25) * MINUTE)
        verdict = {"member": self.team[1].id, "category": category, "upheld": upheld}
        self.agenda.add(
            "post.moderated",
            judged,
            f"post/{posted.post}/moderated",
            posted.post,
            **where,
            **verdict,
            action="removed" if upheld else "kept",
        )
        if upheld:
            self.agenda.add("post.deleted", judged + 2000, f"post/{posted.post}/deleted", posted.post, **where)

    def sign_of_life(self, member: Member, time: int) -> None:
        """The first thing a newcomer does: a founding relay who would be asked then says yes, or not this time."""
        if member.spoke or member.staff or member.relay:
            return
        member.spoke = True
        today = self.days.day_of(time)
        free = [relay for relay in self.relays if self._newcomers_of(relay, today) < _PAIRINGS]
        if not free or self.chance.happens(0.1):
            return
        first, *others = sorted(free, key=lambda relay: self._suits_less(relay, member, today))
        answers = [(first, self.chance.happens(0.85))]
        # Whom the service asks depends on what it knows; a second yes is ignored when it was not asked for.
        if others and (not answers[0][1] or self.chance.happens(0.3)):
            answers.append((others[0], True))
        # One of them says yes, and has one newcomer more to look out for.
        chosen = next((relay for relay, accepts in answers if accepts), first)
        self._pairings.setdefault(chosen.id, []).append(today)
        for relay, accepts in answers:
            time = self.after(time, _YES)
            word = "accepted" if accepts else "declined"
            identity = f"pairing/{member.id}/{relay.id}/{word}"
            self.agenda.add(f"pairing.{word}", time, identity, member.id, newcomer=member.id, member=relay.id)

    def _newcomers_of(self, relay: Member, today: int) -> int:
        return sum(today - day < _PAIRING_DAYS for day in self._pairings.get(relay.id, ()))

    def _suits_less(self, relay: Member, newcomer: Member, today: int) -> tuple[int, int, int]:
        """Who is asked later than whom, as the pairing rule has it: skills, language, population, load; then turns."""
        shared = min(3, sum(skill in relay.skills for skill in newcomer.skills))
        score = (
            3 * shared
            + 2 * bool(relay.languages and relay.languages[0] in newcomer.languages)
            + 2 * (relay.population == newcomer.population)
            - 2 * self._newcomers_of(relay, today)
        )
        last = max(self._pairings.get(relay.id, ()), default=-1)
        return -score, last, stable_hash("pairing", newcomer.id, relay.id)
