import hashlib
import io
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import tzdata

import contracts
from contracts.wire import decode, encode
from ruche import playbooks
from ruche import simulate as simulation
from ruche.simulate import START, simulate, write_ndjson

PARIS = ZoneInfo("Europe/Paris")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PRINT_SHA256 = """
import hashlib, json
from ruche.simulate import simulate

digest = hashlib.sha256()
for language in ("fr", "en"):
    for fact in simulate(members=60, weeks=7, seed=5, language=language):
        digest.update(json.dumps(fact, ensure_ascii=False).encode())
print(digest.hexdigest())
"""


def story(*, members=60, weeks=2, seed=1, **more):
    return list(simulate(members=members, weeks=weeks, seed=seed, **more))


def at(fact):
    return datetime.fromisoformat(fact["time"])


def of(facts, *types):
    return [fact for fact in facts if fact["type"] in types]


def written(facts):
    file = io.StringIO()
    count = write_ndjson(facts, file)
    return count, file.getvalue()


def sha256_by(python, **environment):
    return subprocess.run(
        [python, "-c", PRINT_SHA256],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout.strip()


@pytest.fixture(scope="module")
def fortnight():
    return story()


@pytest.fixture(scope="module")
def season():
    return story(members=150, weeks=12, seed=3)


def test_the_same_arguments_give_the_same_bytes(fortnight):
    assert written(fortnight) == written(story())


def test_another_seed_gives_another_community(fortnight):
    assert written(fortnight)[1] != written(story(seed=2))[1]


def test_the_order_of_sets_takes_no_part():
    assert sha256_by(sys.executable, PYTHONHASHSEED="1") == sha256_by(sys.executable, PYTHONHASHSEED="4242")


def test_another_version_of_python_gives_the_same_bytes():
    folders = (
        Path(simulation.__file__).parents[2],
        Path(contracts.__file__).parents[1],
        Path(tzdata.__file__).parents[1],
    )
    there = {"PYTHONPATH": os.pathsep.join(map(str, folders)), "PYTHONNOUSERSITE": "1"}
    here = hashlib.sha256()
    for language in ("fr", "en"):
        for fact in simulate(members=60, weeks=7, seed=5, language=language):
            here.update(json.dumps(fact, ensure_ascii=False).encode())
    for python in other_pythons():
        assert sha256_by(python, **there) == here.hexdigest()
        return
    pytest.skip("no other Python from 3.11 on is at hand")


def other_pythons():
    """Interpreters of another version that run: on the path, or installed beside the one that made this environment."""
    beside = Path(sys.base_prefix).parent.glob("3.*/bin/python3.[0-9]*")
    names = [f"python3.{minor}" for minor in range(20, 10, -1)]
    candidates = [str(path) for path in sorted(beside, reverse=True) if path.name in names] + names
    for candidate in candidates:
        try:
            said = subprocess.run(
                [candidate, "-c", "import sys, zoneinfo; print(*sys.version_info[:2])"],
                capture_output=True,
                text=True,
                check=True,
                timeout=30,
            ).stdout.split()
        except (OSError, subprocess.SubprocessError):
            continue
        if (3, 11) <= tuple(map(int, said)) != sys.version_info[:2]:
            yield candidate


def test_facts_come_by_time_and_each_only_once(fortnight, season):
    for facts in (fortnight, season):
        assert all(earlier["time"] <= later["time"] for earlier, later in pairwise(facts))
        assert max(Counter(fact["id"] for fact in facts).values()) == 1


def test_every_fact_fits_its_contract_with_no_field_of_its_own(season):
    for fact in [*season, *story(seed=9, weeks=6, language="en")]:
        event = decode(json.dumps(fact).encode())
        assert not event.data.model_extra, fact
        assert decode(encode(event)) == event


def test_a_fortnight_of_sixty_members_is_enough_to_see_and_little_enough_to_show():
    for seed in range(1, 9):
        assert 850 <= len(story(seed=seed)) <= 1_300


def test_it_grows_with_its_members_and_weeks():
    small, wide, long = len(story(weeks=4)), len(story(members=240, weeks=4)), len(story(weeks=16))
    assert 3 < wide / small < 5
    assert 3 < long / small < 7


def test_platform_and_channels_are_described_first(fortnight):
    assert [fact["type"] for fact in fortnight[:7]] == ["platform.described"] + ["channel.described"] * 6
    described = {fact["data"]["channel"]: fact["data"]["visibility"] for fact in fortnight[1:7]}
    assert described["equipe"] == "restricted"
    assert {fact["data"]["channel"] for fact in of(fortnight, "post.created")} <= set(described)
    assert {fact["type"] for fact in fortnight} <= set(fortnight[0]["data"]["emits"])


def test_so_many_members_join_as_were_asked_for(fortnight):
    joined = {fact["data"]["member"] for fact in of(fortnight, "member.joined")}
    removed = {fact["data"]["member"] for fact in of(fortnight, "member.left") if fact["data"]["reason"] == "removed"}
    assert len(joined - removed - {"minuteur"}) == 60
    assert {"camille", "malik", "jeanne", "helene", "ines", "gaspard", "solene", "yanis"} < joined
    assert len({fact["time"][:10] for fact in of(fortnight, "member.joined")}) >= 9


def test_nobody_acts_before_joining(season):
    joined = {}
    for fact in season:
        member = fact["data"].get("member")
        if fact["type"] == "member.joined":
            joined.setdefault(member, fact["time"])
        elif member is not None:
            assert joined[member] <= fact["time"]


def test_nobody_who_left_for_good_acts_any_more(season):
    gone = {}
    for fact in season:
        member = fact["data"].get("member")
        match fact["type"]:
            case "member.left":
                gone[member] = fact
            case "member.joined":
                gone.pop(member, None)
            case "member.erased":
                pass
            case _:
                assert member not in gone, fact
    assert gone


def test_a_reply_comes_after_what_it_answers(season):
    posts = {fact["data"]["post"]: fact for fact in of(season, "post.created")}
    for fact in posts.values():
        if above := fact["data"].get("reply_to"):
            assert posts[above]["time"] <= fact["time"]
            assert posts[above]["data"]["thread"] == fact["data"]["thread"]


def test_a_raid_is_more_than_five_young_accounts_within_a_minute(fortnight):
    joins = of(fortnight, "member.joined")
    bursts = [
        joins[place : place + 6] for place in range(len(joins) - 5) if at(joins[place + 5]) - at(joins[place]) <= MINUTE
    ]
    assert bursts
    for fact in bursts[0]:
        assert at(fact) - datetime.fromisoformat(fact["data"]["account_created_at"]) < 12 * HOUR
    assert of(fortnight, "post.flagged")


def test_nothing_but_a_raid_looks_like_one(season):
    removed = {fact["data"]["member"] for fact in of(season, "member.left") if fact["data"]["reason"] == "removed"}
    joins = [at(fact) for fact in of(season, "member.joined") if fact["data"]["member"] not in removed]
    assert all(later - earlier > MINUTE for earlier, later in zip(joins, joins[5:], strict=False))


def test_a_lull_is_two_days_of_near_silence(fortnight):
    days = Counter(at(fact).astimezone(PARIS).date() for fact in fortnight)
    quiet = [START.date() + timedelta(days=day) for day in range(14) if days[START.date() + timedelta(days=day)] <= 4]
    assert len(quiet) == 2
    assert quiet[1] - quiet[0] == timedelta(days=1)


def test_a_longer_story_has_a_longer_lull(season):
    days = Counter((at(fact) - START).days for fact in season)
    assert sum(days[day] <= 6 for day in range(84)) >= 6


def test_a_crisis_is_many_complaints_by_many_about_one_thing_within_the_hour(fortnight):
    complaints = [fact for fact in of(fortnight, "post.created") if fact["data"].get("complaint")]
    by_tag = Counter(tag for fact in complaints for tag in fact["data"].get("tags", ()))
    tag, _ = by_tag.most_common(1)[0]
    about = [fact for fact in complaints if tag in fact["data"].get("tags", ())]
    assert len(about) >= 7
    assert at(about[-1]) - at(about[0]) <= HOUR
    assert len({fact["data"]["member"] for fact in about}) >= 5


def test_a_tenth_of_the_members_writes_more_than_half_and_many_only_read():
    for seed in range(1, 9):
        posts = Counter(
            fact["data"]["member"] for fact in of(story(seed=seed), "post.created") if not fact["data"].get("bot")
        )
        assert sum(count for _, count in posts.most_common(6)) > sum(posts.values()) / 2
        assert sum(posts[member] == 0 for member in people(story(seed=seed))) >= 60 / 6


def people(facts):
    return {fact["data"]["member"] for fact in of(facts, "member.joined")}


def test_evenings_are_busy_and_nights_are_not(season):
    hours = Counter(at(fact).astimezone(PARIS).hour for fact in of(season, "post.created", "reaction.added"))
    night, evening = sum(hours[hour] for hour in range(1, 6)), sum(hours[hour] for hour in range(18, 23))
    assert evening > 8 * night
    assert night > 0


def test_weekends_are_quieter_than_working_days(season):
    threads = [fact for fact in of(season, "post.created") if "reply_to" not in fact["data"]]
    days = Counter(at(fact).astimezone(PARIS).weekday() for fact in threads)
    assert sum(days[day] for day in (5, 6)) / 2 < sum(days[day] for day in range(5)) / 5


def test_some_questions_are_answered_soon_some_late_and_some_never(season):
    questions = {fact["data"]["thread"]: fact for fact in of(season, "post.created") if fact["data"].get("title")}
    questions = {thread: fact for thread, fact in questions.items() if fact["data"]["kind"] == "question"}
    delays = {}
    for fact in of(season, "post.created"):
        opened = questions.get(fact["data"]["thread"])
        if opened is not None and fact["data"]["kind"] == "answer":
            delays.setdefault(fact["data"]["thread"], at(fact) - at(opened))
    assert 0.05 < 1 - len(delays) / len(questions) < 0.35
    assert sum(delay < HOUR for delay in delays.values()) > len(delays) / 5
    assert sum(delay > 24 * HOUR for delay in delays.values()) > len(delays) / 50


def test_answers_mostly_come_from_people_with_the_skill(fortnight):
    skills = {fact["data"]["member"]: fact["data"].get("skills", ()) for fact in of(fortnight, "member.joined")}
    tags = {fact["data"]["thread"]: fact["data"].get("tags", ()) for fact in of(fortnight, "post.created")[::-1]}
    answers = [fact["data"] for fact in of(fortnight, "post.created") if fact["data"]["kind"] == "answer"]
    tagged = [answer for answer in answers if set(tags.get(answer["thread"], ())) & {"velo", "couture", "bois"}]
    knowing = [answer for answer in tagged if set(tags[answer["thread"]]) & set(skills[answer["member"]])]
    assert len(knowing) > len(tagged) / 2


def test_founding_relays_say_yes_and_newcomers_are_paired_after_a_sign_of_life(fortnight):
    relays = {fact["data"]["member"] for fact in of(fortnight, "nomination.accepted")}
    paired = of(fortnight, "pairing.accepted")
    assert relays == {"ines", "gaspard", "solene", "yanis"}
    assert len(paired) >= 6
    signs = {}
    for fact in fortnight:
        if fact["type"] in ("post.created", "motivation.declared", "poll.voted", "meetup.attended"):
            signs.setdefault(fact["data"]["member"], fact["time"])
    for fact in paired:
        assert fact["data"]["member"] in relays
        assert signs[fact["data"]["newcomer"]] < fact["time"]


def test_a_longer_story_has_everything_that_can_happen(season):
    assert {fact["type"] for fact in season} >= {
        *("answer.accepted", "answer.withdrawn", "beta.reported", "feedback.answered", "help.rated", "kudos.given"),
        *("meetup.attended", "meetup.hosted", "member.left", "member.paused", "member.seen", "member.updated"),
        *("motivation.declared", "pairing.declined", "poll.voted", "post.deleted", "post.flagged", "post.moderated"),
        *("post.updated", "preference.changed", "promise.kept", "reaction.removed", "task.accepted", "task.completed"),
        *("thread.followed", "thread.resolved", "obstacle.declared", "outcome.reported", "news.found"),
    }
    rejoined = Counter(fact["data"]["member"] for fact in of(season, "member.joined"))
    assert max(rejoined.values()) == 2
    assert any(fact["data"].get("invited_by") for fact in of(season, "member.joined"))


def test_it_speaks_english_in_the_channels_of_the_english_playbook():
    facts = story(language="en", community="workshop")
    assert {fact["data"]["community"] for fact in facts} == {"workshop"}
    assert {fact["data"]["locale"] for fact in of(facts, "post.created")} == {"en"}
    assert {"rosie", "tom", "grace", "priya"} < people(facts)


def test_it_starts_on_the_monday_it_is_told_in_the_zone_it_is_told():
    start = datetime(2024, 9, 2, tzinfo=timezone(timedelta(hours=-4)))
    facts = story(start=start, weeks=1)
    assert at(facts[0]) == start
    assert at(facts[-1]) < start + timedelta(days=7)


@pytest.mark.parametrize(
    ("wrong", "cure"),
    [
        ({"members": 3}, "at least 12"),
        ({"weeks": 0}, "at least 1"),
        ({"language": "de"}, "en or fr"),
        ({"start": datetime(2025, 3, 4, tzinfo=UTC)}, "a Monday at 00:00"),
        ({"start": datetime(2025, 3, 3)}, "with its zone"),  # noqa: DTZ001 - this is what is refused
    ],
)
def test_an_impossible_argument_says_what_would_be_right(wrong, cure):
    with pytest.raises(ValueError, match=cure):
        story(**wrong)


def test_the_smallest_community_lives_too():
    for seed in range(5):
        assert len(story(members=12, weeks=2, seed=seed)) > 100


@pytest.mark.parametrize(("language", "name"), [("fr", "latelier"), ("en", "workshop")])
def test_it_plays_in_the_shipped_playbook(language, name):
    playbook = playbooks.load(name).playbook
    facts = story(language=language)
    staff = {fact["data"]["member"] for fact in of(facts, "member.joined") if fact["data"].get("staff")}
    people, skills = playbook.people, {skill.skill for skill in playbook.skills}
    assert staff == {person.member for person in (*people.core_team, *people.sponsors)}
    assert {fact["data"]["member"] for fact in of(facts, "nomination.accepted")} == set(people.founding_relays)
    purposes = {fact["data"]["purpose"]: fact["data"]["channel"] for fact in of(facts, "channel.described")[:3]}
    assert purposes["welcome"] == playbook.places.welcome.channel
    assert purposes["help"] == playbook.places.help.channel
    tags = Counter(tag for fact in of(facts, "post.created") for tag in fact["data"].get("tags", ()))
    assert skills <= set(tags)
    populations = {population for wave in playbook.launch.waves for population in wave.populations}
    assert {fact["data"].get("population") for fact in of(facts, "member.joined")} - {None} <= populations
    assert playbook.launch.start == START.date()
