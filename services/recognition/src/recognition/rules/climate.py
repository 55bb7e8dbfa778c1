"""What holds for everybody at the moment: a crisis, and what channels are for."""

from msgspec.structs import replace

from contracts.envelope import AnyEvent
from contracts.naming import purposes_after
from contracts.turn import Turn
from recognition.rules import circle, thanks
from recognition.rules.clocks import today
from recognition.rules.speech import book_of
from recognition.state_circle import CANDIDATES


def crisis_opened(turn: Turn, event: AnyEvent) -> None:
    """A crisis is on: thanks move."""
    book = book_of(turn)
    if event.data.crisis not in book.crises:
        turn.put(replace(book, crises=(*book.crises, event.data.crisis)[-20:]))


def crisis_over(turn: Turn, event: AnyEvent) -> None:
    """A crisis is closed, or was none: with the last one, thanks that were moved find their day."""
    book = book_of(turn)
    if event.data.crisis not in book.crises:
        return
    turn.put(replace(book, crises=tuple(one for one in book.crises if one != event.data.crisis)))
    if len(book.crises) == 1:
        thanks.crisis_over(turn)


def channel_described(turn: Turn, event: AnyEvent) -> None:
    """Remember the channel of each purpose, the newest described first; a restricted one is for no text of ours."""
    book, data = book_of(turn), event.data
    purposes = purposes_after(book.purposes, data.channel, data.purpose, data.visibility)
    if purposes is not book.purposes:
        turn.put(replace(book, purposes=purposes))


def unmuted(turn: Turn, _event: AnyEvent) -> None:
    """Who was asked for the circle while nobody could hear it is asked again.

    Those who found it are asked by the next day's round, unless onboarding has asked them by then.
    """
    for candidate in turn.find(CANDIDATES):
        if candidate.state == "proposed" and candidate.founding:
            turn.put(replace(candidate, touched_on=today(turn)))
        elif candidate.state == "invited" and not candidate.heard:
            again = replace(candidate, state="proposed", heard=True, touched_on=today(turn))
            turn.put(again)
            if not candidate.founding:
                circle.consider(turn, again)
