"""Weekly thanks: seen and edited by the manager, then said; a crisis moves them."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from contracts.activity import iso_week, local_day
from contracts.decisions import MemberThanked
from contracts.decisions.recognition import Deed
from contracts.envelope import AnyEvent
from contracts.people import may_be_named, may_be_thanked_in_public
from contracts.reasons import because
from contracts.turn import Act, Message, To, Turn, Value
from recognition.rules import clocks
from recognition.rules.clocks import DAY, today
from recognition.rules.contributions import contribution_of, roles_of
from recognition.rules.speech import book_of, channel_for, name_of, say, to_manager, to_member
from recognition.rules.thanks_choice import Chosen, candidate, choose
from recognition.state import Activity
from recognition.state_book import ROUNDS, Done, Edit, Round

THANKS, DRAFT = "thanks", "thanks_draft"
TAKE_OUT = "take_out_"
"""A tap on the draft: with the number of the line that is not to be said."""
MOST_TAPS = 9


def draft(turn: Turn, due: datetime) -> None:
    """The morning of the thanks: who is thanked is chosen, and the manager sees it."""
    name = iso_week(local_day(due, turn.playbook.zone))
    round_ = turn.get(Round, name) or Round(thanks=name, touched_on=today(turn))
    if round_.drafted or round_.said or turn.backfill:
        return
    chosen = choose(turn)
    round_ = replace(round_, people=tuple(one.member for one in chosen), drafted=True)
    turn.put(round_)
    if not chosen:
        return
    taken = _taken_out(round_)
    turn.request(
        Message(
            key=name,
            rule=DRAFT,
            kind=DRAFT,
            template="thanks_draft",
            to=to_manager(turn),
            purse="none",
            lifetime=timedelta(hours=6),
            values={
                "lines": [
                    {**_line(turn, one, None), "number": place}
                    for place, one in enumerate(chosen, 1)
                    if one.member not in taken
                ],
                "at": _said_at(turn, due).isoformat(),
            },
            actions=tuple(
                Act(id=f"{TAKE_OUT}{place}", label=f"{TAKE_OUT}{place}")
                for place, one in enumerate(chosen[:MOST_TAPS], 1)
                if one.member not in taken
            ),
            mentions=tuple(one.member for one in chosen),
            because=(because(DRAFT, threshold="before they go out", actual=len(chosen), evidence=_shown(chosen)),),
        )
    )


def _said_at(turn: Turn, due: datetime) -> datetime:
    figures = turn.playbook.recognition
    return clocks.next_weekly(turn.playbook, figures.thanks_weekday, figures.thanks_time, due)


def _shown(chosen: tuple[Chosen, ...]) -> tuple[str, ...]:
    return tuple(deed.event for one in chosen for deed in one.deeds)


def speak(turn: Turn, due: datetime) -> None:
    """The hour of the thanks; a crisis moves them. History thanks nobody."""
    if turn.backfill:
        return
    name = iso_week(local_day(due, turn.playbook.zone))
    round_ = turn.get(Round, name) or Round(thanks=name, touched_on=today(turn))
    if round_.said:
        return
    if not round_.drafted:
        round_ = replace(round_, people=tuple(one.member for one in choose(turn)), drafted=True)
    if book_of(turn).crises:
        turn.put(replace(round_, moved=True))
        return
    _say(turn, round_)


def moved(turn: Turn, key: str, _due: datetime) -> None:
    """The thanks that a crisis had moved."""
    round_ = turn.get(Round, key)
    if round_ is not None and round_.moved and not round_.said and not book_of(turn).crises:
        _say(turn, round_)


def crisis_over(turn: Turn) -> None:
    """The last crisis is over: the newest thanks that it moved go out on the next business day."""
    waiting = [round_ for round_ in turn.find(ROUNDS) if round_.moved and not round_.said]
    for old in waiting[:-1]:
        turn.put(replace(old, said=True))
    for newest in waiting[-1:]:
        zone, clock = turn.playbook.zone, turn.playbook.recognition.thanks_time
        day = today(turn)
        due = clocks.at(day, clock, zone)
        while due <= turn.now or not turn.playbook.calendar.is_business_day(day):
            day += DAY
            due = clocks.at(day, clock, zone)
        turn.arm(THANKS, newest.thanks, due)


def edited(turn: Turn, event: AnyEvent) -> None:
    """A human took a line out, or gave it other words, before it went out."""
    data = event.data
    _edit(turn, data.thanks, Edit(data.member, data.value))


def tapped(turn: Turn, name: str, answer: str) -> None:
    """The same by a tap on the draft, which takes one line out: what only operators may say, no tap can."""
    round_ = turn.get(Round, name)
    place = answer.removeprefix(TAKE_OUT)
    if round_ is None or not answer.startswith(TAKE_OUT) or not place.isdigit():
        return
    if 1 <= int(place) <= len(round_.people):
        _edit(turn, name, Edit(round_.people[int(place) - 1], None))


def _edit(turn: Turn, name: str, edit: Edit) -> None:
    round_ = turn.get(Round, name) or Round(thanks=name, touched_on=today(turn))
    if not round_.said:
        rest = tuple(known for known in round_.edits if known.member != edit.member)
        turn.put(replace(round_, edits=(*rest, edit)[-20:]))


def _taken_out(round_: Round) -> frozenset[str | None]:
    return frozenset(edit.member for edit in round_.edits if edit.member is not None and edit.value is None)


def _say(turn: Turn, round_: Round) -> None:
    """Thank them: in public those who agreed, the others in private."""
    turn.put(replace(round_, said=True, moved=False))
    taken, words = _taken_out(round_), {edit.member: edit.value for edit in round_.edits if edit.value is not None}
    public: list[tuple[Chosen, str]] = []
    for place, member in enumerate((name for name in round_.people if name not in taken), 1):
        activity = turn.get(Activity, member)
        one = candidate(turn, activity, round_.touched_on) if activity is not None else None
        if one is None:
            continue
        in_public = may_be_thanked_in_public(turn.person(member))
        decision = _decide(turn, round_, one, place, public=in_public)
        _remember(turn, one)
        if in_public:
            public.append((one, decision))
        else:
            _thank_in_private(turn, round_, one, decision, words.get(member))
    if public:
        _thank_in_public(turn, round_, public, words)


def _decide(turn: Turn, round_: Round, one: Chosen, place: int, *, public: bool) -> str:
    why = because(
        THANKS,
        threshold=f"at most {turn.playbook.recognition.thanks_most}, each once in"
        f" {turn.playbook.recognition.thanks_rest_weeks} weeks",
        actual=f"{one.points} hundredths of a point in the week",
        evidence=(deed.event for deed in one.deeds),
    )
    return say(
        turn,
        MemberThanked(
            community=turn.slug,
            playbook=turn.version,
            because=(why,),
            member=one.member,
            thanks=round_.thanks,
            week=round_.thanks,
            audience="public" if public else "private",
            place=place,
            helper=one.helper,
            deeds=tuple(_deed(turn, deed) for deed in one.deeds),
        ),
        rule=THANKS,
        key=one.member,
        about=one.member,
        name=round_.thanks,
    )


def _deed(turn: Turn, deed: Done) -> Deed:
    return Deed(
        kind=deed.kind,
        post=deed.post,
        thread=deed.about if deed.kind == "answer" else None,
        task=deed.about if deed.kind == "task" else None,
        helped=_helped(turn, deed),
        title=deed.title,
    )


def _helped(turn: Turn, deed: Done) -> str | None:
    """Whom it helped, if a text that others read may name them."""
    if deed.helped is None:
        return None
    person = turn.person(deed.helped)
    return deed.helped if person is not None and may_be_named(person) and person.thanks == "public" else None


def _remember(turn: Turn, one: Chosen) -> None:
    contribution = contribution_of(turn, one.member)
    turn.put(replace(contribution, thanked_on=today(turn)))
    roles = roles_of(contribution)
    if roles:
        book = book_of(turn)
        last = dict(book.thanked) | dict.fromkeys(roles, today(turn).toordinal())
        turn.put(replace(book, thanked=tuple(sorted(last.items()))))


def _line(turn: Turn, one: Chosen, words: str | None) -> dict[str, Value]:
    """What a text says of somebody: the best deed, or a human's words."""
    deed = one.deeds[0]
    helped = _helped(turn, deed)
    return {
        "name": name_of(turn, one.member),
        "words": words,
        "kind": deed.kind,
        "title": deed.title,
        "helped": name_of(turn, helped) if helped is not None else None,
    }


def _thank_in_public(
    turn: Turn, round_: Round, public: list[tuple[Chosen, str]], words: Mapping[str | None, str | None]
) -> None:
    named = [one.member for one, _ in public]
    helped = [name for one, _ in public if (name := _helped(turn, one.deeds[0])) is not None]
    turn.request(
        Message(
            key=round_.thanks,
            rule=THANKS,
            kind=THANKS,
            template=THANKS,
            to=To(kind="channel", id=channel_for(turn, "thanks")),
            purse="none",
            lifetime=timedelta(hours=turn.playbook.lifetimes.thanks_hours),
            values={
                "names": [name_of(turn, member) for member in named],
                "lines": [_line(turn, one, words.get(one.member)) for one, _ in public],
                "whole": words.get(None),
            },
            serves=public[0][1],
            mentions=tuple(dict.fromkeys((*named, *helped))),
            because=(
                because(
                    THANKS,
                    threshold=turn.playbook.recognition.thanks_most,
                    actual=len(public),
                    evidence=(decision for _, decision in public),
                ),
            ),
        )
    )


def _thank_in_private(turn: Turn, round_: Round, one: Chosen, decision: str, words: str | None) -> None:
    turn.request(
        Message(
            key=round_.thanks,
            rule=THANKS,
            kind=THANKS,
            template="thanks_private",
            to=to_member(one.member),
            purse="attention",
            lifetime=timedelta(hours=turn.playbook.lifetimes.thanks_hours),
            values={"line": _line(turn, one, words)},
            serves=decision,
            because=(because(THANKS, threshold="in private", actual=one.deeds[0].kind, evidence=(decision,)),),
        )
    )


def forget_rounds(turn: Turn) -> None:
    """Rounds that are over and told matter no more."""
    oldest = today(turn) - 35 * DAY
    for round_ in turn.find(ROUNDS):
        if round_.touched_on < oldest:
            turn.drop(Round, round_.thanks)
