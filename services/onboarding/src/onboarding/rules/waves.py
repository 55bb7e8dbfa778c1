"""Waves of a launch: populations are welcomed in turn; who comes before theirs is told when it opens."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from msgspec.structs import replace

from contracts.decisions import WaveOpened, WelcomeHeld
from contracts.people import Person
from contracts.playbook import Wave as PlannedWave
from contracts.turn import Message, To, Turn
from onboarding.rules.clocks import DAY, at, today
from onboarding.rules.speech import MANAGER, because, channel_for, name_of, say, voice_of
from onboarding.state import WAITING, WAVE, Newcomer, Programme, Wave

WAVES = "wave"


def planned_for(turn: Turn, person: Person | None) -> PlannedWave | None:
    """The wave of a person's population; None where the launch has none for it."""
    population = person.population if person is not None else None
    if population is None:
        return None
    return next((wave for wave in turn.playbook.launch.waves if population in wave.populations), None)


def is_over(turn: Turn) -> bool:
    """Whether the programme has run its weeks: from then on everybody is welcomed as they come."""
    start = turn.playbook.launch.start
    return start is not None and today(turn) >= start + 7 * turn.playbook.launch.length_weeks * DAY


def closed_for(turn: Turn, person: Person | None) -> PlannedWave | None:
    """The wave for which a person has to wait; None for who is welcomed now."""
    wave = planned_for(turn, person)
    if wave is None or is_over(turn) or turn.get(Wave, wave.wave) is not None:
        return None
    return wave


def opens_at(turn: Turn, wave: PlannedWave) -> datetime:
    """The moment at which a wave opens at the latest: the daily check of its day."""
    return at(wave.opens, turn.playbook.launch.check_time, turn.playbook.zone)


def held(
    turn: Turn, wave: PlannedWave, arrived: tuple[Newcomer, ...], nameable: tuple[Newcomer, ...], gathering: str
) -> None:
    """Newcomers of a closed wave: they wait for it, and one text tells them when it opens.

    Args:
        turn: the turn.
        wave: theirs.
        arrived: all of them.
        nameable: those whom the text may name.
        gathering: what tells this text from others of the wave.
    """
    until = opens_at(turn, wave)
    why = because(
        "welcome.wave",
        threshold=wave.opens.isoformat(),
        actual=today(turn).isoformat(),
        evidence=(newcomer.joined_by for newcomer in arrived),
    )
    for newcomer in arrived:
        turn.put(replace(newcomer, waits=WAVE + wave.wave))
        say(
            turn,
            WelcomeHeld.model_validate(
                {
                    "community": turn.slug,
                    "playbook": turn.version,
                    "because": (because("welcome.wave", threshold=why.threshold, evidence=(newcomer.joined_by,)),),
                    "member": newcomer.member,
                    "reason": "wave",
                    "hold": wave.wave,
                    "since": turn.now,
                    "until": until,
                }
            ),
            rule=WAVES,
            key=newcomer.member,
            about=newcomer.member,
        )
    most = turn.playbook.onboarding.welcome_names_most
    named = nameable[:most]
    channel, _ = channel_for(turn, "welcome")
    turn.request(
        Message(
            key=f"{wave.wave}/{gathering}",
            rule=WAVES,
            kind="welcome",
            template="wave_closed",
            to=To(kind="channel", id=channel),
            purse="none",
            lifetime=timedelta(hours=turn.playbook.lifetimes.welcome_hours),
            values={
                "names": tuple(name_of(turn, newcomer.member) for newcomer in named),
                "others": len(arrived) - len(named),
                "wave": wave.name.text(voice_of(turn, None)),
                "opens": until.isoformat(),
            },
            mentions=tuple(newcomer.member for newcomer in named),
            because=(why,),
        )
    )


def check(turn: Turn) -> tuple[tuple[PlannedWave, tuple[Newcomer, ...]], ...]:
    """Daily: open every wave whose turn it is, in order. Answers those opened, with who waited for each."""
    opened = []
    launch = turn.playbook.launch
    previous: Wave | None = None
    for planned in launch.waves:
        known = turn.get(Wave, planned.wave)
        if known is None:
            reason = _reason_to_open(turn, planned, previous)
            if reason is None:
                break
            waiting = turn.find(WAITING, WAVE + planned.wave)
            known = _open(turn, planned, previous, reason, waiting)
            opened.append((planned, waiting))
        previous = known
    return tuple(opened)


def _reason_to_open(turn: Turn, planned: PlannedWave, previous: Wave | None) -> str | None:
    if today(turn) >= planned.opens:
        return "date"
    launch = turn.playbook.launch
    if previous is None or previous.joined == 0:
        return None
    if turn.now - previous.opened_at < timedelta(days=launch.wave_activated_days):
        return None
    # A share is compared without a float: 0.5 of 7 is 3.5, and 3 are not enough.
    enough = Decimal(str(launch.wave_activated_share)) * previous.joined
    return "activation" if previous.activated >= enough else None


def _open(turn: Turn, planned: PlannedWave, previous: Wave | None, reason: str, waiting: tuple[Newcomer, ...]) -> Wave:
    launch = turn.playbook.launch
    share = f"{previous.activated} of {previous.joined}" if previous is not None else None
    programme = turn.get(Programme)
    configured_by = programme.configured_by if programme is not None else None
    whys = (
        because(
            "wave.date",
            threshold=planned.opens.isoformat(),
            actual=today(turn).isoformat(),
            evidence=(configured_by,),
        ),
        because(
            "wave.activation",
            threshold=str(launch.wave_activated_share),
            actual=share,
            # Of the first wave there is none before: the playbook says so.
            evidence=((previous.opened_by if previous is not None else None) or configured_by,),
        ),
    )
    decision = say(
        turn,
        WaveOpened.model_validate(
            {
                "community": turn.slug,
                "playbook": turn.version,
                "because": whys,
                "wave": planned.wave,
                "populations": planned.populations,
                "opened_by": reason,
                "previous": previous.wave if previous is not None else None,
                "activated": previous.activated if previous is not None else 0,
                "joined": previous.joined if previous is not None else 0,
                "waiting": len(waiting),
            }
        ),
        rule=WAVES,
        key=planned.wave,
        about=planned.wave,
    )
    wave = Wave(wave=planned.wave, opened_at=turn.now, opened_by=decision)
    turn.put(wave)
    turn.request(
        Message(
            key=planned.wave,
            rule=WAVES,
            kind=WAVES,
            template="wave_opened",
            to=MANAGER,
            purse="none",
            lifetime=timedelta(days=turn.playbook.lifetimes.invitation_days),
            values={
                "wave": planned.name.text(voice_of(turn, None)),
                "by_date": reason == "date",
                "date": at(planned.opens, time(12), turn.playbook.zone).isoformat(),
                "activated": previous.activated if previous is not None else None,
                "joined": previous.joined if previous is not None else None,
                "days": launch.wave_activated_days,
                "waiting": len(waiting),
            },
            serves=decision,
            because=whys,
        )
    )
    return wave


def welcomed(turn: Turn, newcomer: Newcomer) -> Newcomer:
    """Count a welcome in its wave. Answers the row, not yet put."""
    planned = planned_for(turn, turn.person(newcomer.member))
    wave = turn.get(Wave, planned.wave) if planned is not None else None
    if wave is None:
        return newcomer
    turn.put(replace(wave, joined=wave.joined + 1))
    return replace(newcomer, wave=wave.wave)


def took_part(turn: Turn, newcomer: Newcomer) -> Newcomer:
    """The first post or the first action done, in time: it counts for the next wave. Answers the row, not yet put."""
    if newcomer.activated or newcomer.wave is None or newcomer.welcomed_at is None:
        return newcomer
    days = timedelta(days=turn.playbook.launch.wave_activated_days)
    wave = turn.get(Wave, newcomer.wave)
    if wave is not None and turn.now - newcomer.welcomed_at <= days:
        turn.put(replace(wave, activated=wave.activated + 1))
    return replace(newcomer, activated=True)
