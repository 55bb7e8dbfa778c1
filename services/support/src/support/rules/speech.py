"""How rules speak: decisions a human may overrule, where texts go, who of the core team is told."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from contracts.activity import local_day
from contracts.community import Place, is_restricted
from contracts.envelope import Because, Decision
from contracts.naming import CORE_TEAM, name_of, place_for, to_member
from contracts.people import may_be_named, may_be_written_to
from contracts.turn import Act, Message, Purse, To, Turn, Value
from support.state import Climate, Question, Said, Thread, Told

MOST_TOLD = 12


def say(turn: Turn, decision: Decision, *, rule: str, key: str, about: str, who: str | None = None) -> str:
    """Decide what a human may overrule within 30 days; answers its id."""
    decided = turn.decide(decision, rule=rule, key=key)
    if not turn.backfill:
        day = local_day(turn.now, turn.playbook.zone)
        turn.put(Said(decision=decided, type=decision.TYPE, about=about, who=who, day=day))
    return decided


def channel_for(turn: Turn, purpose: str) -> tuple[str, str | None]:
    """Where texts of a purpose go, and what members call the place."""
    climate = turn.get(Climate)
    return place_for(turn, purpose, climate.purposes if climate is not None else ())


def is_help_place(turn: Turn, channel: str) -> bool:
    """Whether questions belong there, by the playbook or by the platform's word."""
    named = turn.playbook.places.help
    if named is not None and named.channel == channel:
        return True
    return turn.place(channel).purpose == "help"


def is_hidden(turn: Turn, thread: Thread) -> bool:
    """Whether nothing of a thread may be quoted or suggested: it is in a restricted place."""
    return thread.channel is not None and is_restricted(turn.get(Place, thread.channel))


def is_for_the_team(turn: Turn, thread: Thread, question: Question) -> bool:
    """Whether a question is for the core team alone: a complaint, a cry for help, a restricted place."""
    return question.nature != "question" or thread.troubled or is_hidden(turn, thread)


def shown(turn: Turn, thread: Thread, question: Question) -> dict[str, Value]:
    """What a text may print of a question: nothing of the person who died or left, nothing of a restricted place."""
    quotable = not is_hidden(turn, thread)
    asker = question.member if may_be_named(turn.person(question.member)) else None
    return {
        "title": question.title if quotable else None,
        "asker": name_of(turn, asker) if asker is not None and quotable else None,
        "url": question.url or thread.url,
        "channel": channel_label(turn, thread.channel),
        "asked_at": question.asked_at.isoformat(),
    }


def channel_label(turn: Turn, channel: str | None) -> str | None:
    """What members call a channel."""
    if channel is None:
        return None
    places = turn.playbook.places
    for place in (places.welcome, places.help, places.introductions, places.thanks, places.general, places.team):
        if place is not None and place.channel == channel:
            return place.label
    return channel


def team(turn: Turn) -> tuple[str, ...]:
    """Who of the core team is there today, deputies in the place of those away."""
    day = local_day(turn.now, turn.playbook.zone)
    return tuple(member for member in turn.playbook.people.on_duty(day) if may_be_written_to(turn.person(member)))


def tell_team(
    turn: Turn,
    *,
    key: str,
    rule: str,
    template: str,
    lifetime: timedelta,
    values: dict[str, Value],
    because: tuple[Because, ...],
    urgent: bool = False,
    thread: str | None = None,
    serves: str | None = None,
    mentions: tuple[str, ...] = (),
    actions: tuple[Act, ...] = (),
) -> tuple[Told, ...]:
    """One message to the core team, as a role, and one to each deputy who is not of it. Answers how to call back."""
    members = {colleague.member for colleague in turn.playbook.people.core_team}
    deputies = [member for member in team(turn) if member not in members]
    told = []
    for to in (CORE_TEAM, *(to_member(member) for member in deputies)):
        purse: Purse = "none" if to.kind == "role" or urgent else "duty"
        turn.request(
            Message(
                key=key,
                rule=rule,
                kind=rule,
                template=template,
                to=to,
                purse=purse,
                lifetime=lifetime,
                values=values,
                thread=thread,
                priority="high" if urgent else "normal",
                serves=serves,
                mentions=mentions,
                actions=actions,
                because=because,
            )
        )
        told.append(Told(rule=rule, key=key, kind=to.kind, id=to.id))
    return tuple(told)


def remembered(turn: Turn, question: Question, *told: Told) -> Question:
    """The question with requests to call back when they lose their point; on history nothing was said."""
    if turn.backfill or not told:
        return question
    return replace(question, told=(*question.told, *told)[-MOST_TOLD:])


def call_back(turn: Turn, question: Question, *, why: str) -> Question:
    """Call back everything that was said about a question and has lost its point."""
    for told in question.told:
        turn.recall(told.rule, told.key, to=To(kind=told.kind, id=told.id), why=why)
    return replace(question, told=()) if question.told else question


def head(turn: Turn) -> dict[str, Any]:
    """What stands in every decision."""
    return {"community": turn.slug, "playbook": turn.version}
