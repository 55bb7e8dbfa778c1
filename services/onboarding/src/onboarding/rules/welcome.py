"""Welcome: once per person for life, all who arrived together in one text, by mention in the welcome place."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from contracts.decisions import MemberWelcomed
from contracts.envelope import AnyEvent
from contracts.facts import MotivationDeclared, PreferenceChanged
from contracts.people import is_bot, is_paused, is_staff
from contracts.turn import Act, Message, To, Turn
from onboarding.rules import first_action, raid, waves
from onboarding.rules.clocks import allowed_hour
from onboarding.rules.onboarded import STALLED, check
from onboarding.rules.raid import WELCOME
from onboarding.rules.speech import (
    because,
    channel_for,
    name_of,
    say,
    team_names,
    to_member,
    totem,
    voice_of,
)
from onboarding.state import FRESH, HELD, LATE, WAITING, WAVE, Newcomer

MOTIVATIONS = ("learn", "share", "company", "support", "act", "belong", "help")


def taps(newcomer: Newcomer | None = None) -> tuple[Act, ...]:
    """What brings you here, and: introduce me, or rather not. The platform adds who tapped."""
    motives = tuple(
        Act(
            id=motivation,
            label=f"motivation_{motivation}",
            fact={"type": MotivationDeclared.TYPE, "data": {"motivation": motivation}},
        )
        for motivation in MOTIVATIONS
    )
    if newcomer is not None and newcomer.introduction != "open":
        return motives
    introductions = tuple(
        Act(id=id_, label=id_, fact={"type": PreferenceChanged.TYPE, "data": {"introduce": choice}})
        for id_, choice in (("introduce_me", True), ("rather_not", False))
    )
    return (*motives, *introductions)


def gather(turn: Turn, newcomer: Newcomer, *, joined_at: datetime) -> Newcomer:
    """Let a newcomer wait for the welcome of those who arrive together. Answers the row, not yet put.

    Args:
        turn: the turn.
        newcomer: the row, of somebody never welcomed.
        joined_at: when the person joined; so long ago that it was an outage, at the next allowed hour.
    """
    figures = turn.playbook.onboarding
    late = turn.now - joined_at > timedelta(minutes=figures.welcome_late_minutes)
    gathering = LATE if late else FRESH
    if turn.armed(WELCOME, gathering) is None:
        delay = timedelta(minutes=figures.welcome_delay_minutes)
        # Those of an outage come all at once, by day too: they are one gathering, and get one text.
        turn.arm(WELCOME, gathering, allowed_hour(turn, turn.now + delay) if late else joined_at + delay)
    return replace(newcomer, waits=gathering)


def of_another_wave(turn: Turn, newcomer: Newcomer) -> None:
    """Who waits for a wave that is no longer theirs waits with those who arrive, or for the right one."""
    if newcomer.waits is None or not newcomer.waits.startswith(WAVE):
        return
    wave = waves.closed_for(turn, turn.person(newcomer.member))
    if wave is None or newcomer.waits != WAVE + wave.wave:
        turn.put(gather(turn, replace(newcomer, waits=None), joined_at=turn.now))


def fire(turn: Turn, gathering: str, _due: datetime) -> None:
    """A gathering is complete: welcome everybody in it who is still here."""
    arrived = turn.find(WAITING, gathering)
    if gathering == HELD:
        raid.over(turn)
    welcome_all(turn, arrived, gathering=gathering)


def welcome_all(turn: Turn, arrived: tuple[Newcomer, ...], *, gathering: str) -> None:
    """Welcome these people together, those of a closed wave and those at rest left out.

    Args:
        turn: the turn.
        arrived: rows of people who wait.
        gathering: what they waited in: after a raid young accounts are not named.
    """
    present: list[Newcomer] = []
    early: dict[str, list[Newcomer]] = {}
    for newcomer in arrived:
        person = turn.person(newcomer.member)
        if is_bot(person) or is_staff(person, newcomer.member, turn.playbook) or is_paused(person, turn.now):
            # Who rests is welcomed at the next act; a program, or somebody of the house, never.
            turn.put(replace(newcomer, waits=None))
            continue
        wave = None if newcomer.called_in else waves.closed_for(turn, person)
        if wave is None:
            present.append(newcomer)
        else:
            early.setdefault(wave.wave, []).append(newcomer)
    name = turn.now.isoformat()
    for wave in turn.playbook.launch.waves:
        if wave.wave in early:
            held = early[wave.wave]
            named = [newcomer for newcomer in held if raid.may_be_greeted(turn, newcomer, gathering)]
            waves.held(turn, wave, tuple(held), tuple(named), name)
    if present:
        _welcome(turn, present, gathering, f"{gathering}/{name}")


def _welcome(turn: Turn, present: list[Newcomer], gathering: str, name: str) -> None:
    figures = turn.playbook.onboarding
    channel, _ = channel_for(turn, "welcome")
    private = figures.welcome_way == "private" and turn.community.direct_first_contact
    welcomed: list[tuple[Newcomer, str]] = []
    unnamed: list[str] = []
    for newcomer in present:
        room = private or len(welcomed) < figures.welcome_names_most
        shown = room and raid.may_be_greeted(turn, newcomer, gathering)
        row, decision = _one(turn, newcomer, name, channel, together=len(present), private=private, shown=shown)
        if shown:
            welcomed.append((row, decision))
        else:
            unnamed.append(decision)
    if private:
        for newcomer, decision in welcomed:
            _say(turn, ((newcomer, decision),), (), name, to=to_member(newcomer.member))
    else:
        _say(turn, tuple(welcomed), tuple(unnamed), name, to=To(kind="channel", id=channel))


def _one(
    turn: Turn, newcomer: Newcomer, name: str, channel: str, *, together: int, private: bool, shown: bool
) -> tuple[Newcomer, str]:
    """Welcome one of them: decided, spent for life, with one first action."""
    gathering = name.partition("/")[0]
    chosen = first_action.choose(turn, newcomer) if shown and newcomer.action is None else None
    why = because(
        "welcome",
        threshold=f"{turn.playbook.onboarding.welcome_delay_minutes} min after the first arrival",
        actual=gathering,
        evidence=(newcomer.joined_by,),
    )
    decision = say(
        turn,
        MemberWelcomed(
            community=turn.slug,
            playbook=turn.version,
            because=(why,),
            member=newcomer.member,
            joined_at=newcomer.joined_at or turn.now,
            gathering=name,
            together=together,
            grouped=gathering not in {FRESH, LATE},
            way="private" if private else "mention",
            channel=None if private else channel,
            action=chosen[0].action if chosen is not None else None,
        ),
        rule=WELCOME,
        key=newcomer.member,
        about=newcomer.member,
        text=name,
    )
    newcomer = replace(newcomer, waits=None, welcomed_at=turn.now, welcomed_by=decision)
    newcomer = waves.welcomed(turn, newcomer)
    if chosen is not None:
        newcomer = first_action.propose(turn, newcomer, chosen, evidence=(newcomer.joined_by, decision))
    if newcomer.first_post is not None:
        newcomer = waves.took_part(turn, newcomer)
    turn.arm(STALLED, newcomer.member, turn.now + timedelta(days=turn.playbook.onboarding.stalled_days))
    return check(turn, newcomer), decision


def _say(
    turn: Turn, welcomed: tuple[tuple[Newcomer, str], ...], unnamed: tuple[str, ...], name: str, *, to: To
) -> None:
    """One text for all of them, or one each in private. `unnamed`: welcomes of those it does not name."""
    decided = (*(decision for _, decision in welcomed), *unnamed)
    alone = welcomed[0][0] if len(welcomed) == 1 and not unnamed else None
    person = turn.person(to.id) if to.kind == "member" else None
    voice = voice_of(turn, person)
    catalogue = {entry.action: entry for entry in turn.playbook.onboarding.catalogue}
    newcomers = []
    for newcomer, _ in welcomed:
        # What was done before the welcome is no first step any more.
        action = newcomer.action if newcomer.action is not None and newcomer.action.done_at is None else None
        entry = catalogue.get(action.action) if action is not None else None
        newcomers.append(
            {
                "name": name_of(turn, newcomer.member),
                "step": entry.label.text(voice) if entry is not None else None,
                "url": entry.url if entry is not None else None,
            }
        )
    joined_at = alone.joined_at if alone is not None else None
    turn.request(
        Message(
            key=name,
            rule=WELCOME,
            kind=WELCOME,
            template="welcome",
            to=to,
            purse="none" if to.kind == "channel" else first_action.purse_for(turn, joined_at or turn.now),
            lifetime=timedelta(hours=turn.playbook.lifetimes.welcome_hours),
            values={
                "newcomers": tuple(newcomers),
                "names": tuple(str(newcomer["name"]) for newcomer in newcomers),
                "others": len(unnamed),
                "totem": totem(turn, voice),
                "place": channel_for(turn, "help")[1],
                "team": team_names(turn, turn.playbook.onboarding.welcome_team_names),
            },
            actions=taps(alone),
            serves=decided[0],
            mentions=tuple(newcomer.member for newcomer, _ in welcomed) if to.kind == "channel" else (),
            because=(
                because(
                    "welcome",
                    threshold="once per person for life",
                    actual=len(decided),
                    evidence=decided,
                ),
            ),
        )
    )


def joined(turn: Turn, event: AnyEvent) -> None:
    """Somebody joined: a newcomer waits for a welcome; who was here before comes back in silence."""
    data = event.data
    person = turn.person(data.member)
    if event.backfill or person is None or person.from_history or person.left_at is not None:
        return
    if is_bot(person) or is_staff(person, data.member, turn.playbook):
        return
    newcomer = turn.get(Newcomer, data.member) or Newcomer(member=data.member)
    if newcomer.welcomed_at is not None:
        _back(turn, newcomer)
        return
    if newcomer.waits is not None:
        return
    newcomer = replace(newcomer, joined_at=event.time, joined_by=event.id, left_at=None)
    held = raid.gathering_for(turn, event, newcomer)
    newcomer = replace(newcomer, waits=HELD) if held is not None else gather(turn, newcomer, joined_at=event.time)
    turn.put(newcomer)


def _back(turn: Turn, newcomer: Newcomer) -> None:
    """A rejoin: no word, the welcome is spent; what is not done yet goes on."""
    if newcomer.left_at is None:
        return
    if newcomer.onboarded_at is None and newcomer.stalled_at is None and newcomer.welcomed_at is not None:
        days = timedelta(days=turn.playbook.onboarding.stalled_days)
        due = newcomer.welcomed_at + days
        # Nobody is asked what is missing in the moment of coming back.
        turn.arm(STALLED, newcomer.member, due if due > turn.now else turn.now + days)
    turn.put(replace(newcomer, left_at=None))
