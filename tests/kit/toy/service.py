"""A service as small as one can be: it counts posts, credits every second one, and speaks after ten minutes of silence.

It bears the name of a service whose decisions the contracts have, so that the log takes what it says. A post whose
body is `boom` makes its rule fail.
"""

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from chassis.service import Service
from chassis.tables import Statement, Table
from contracts.decisions import HelperCredited, QuestionCancelled
from contracts.envelope import AnyEvent, Because
from contracts.facts import PostCreated
from contracts.turn import Selection, Turn

SILENCE = timedelta(minutes=10)
BOOM = "boom"


class Tally(Struct, frozen=True, kw_only=True):
    """How often a member spoke, and where last."""

    member: str
    thread: str
    posts: int
    last_at: datetime


TALLY = Table(row=Tally, name="tally", key=("member",))
IN_THREAD = Selection("in_thread", Tally, lambda tally: ((tally.thread,),), lambda tally: (tally.member,))


def counted(turn: Turn, event: AnyEvent) -> None:
    """A post is counted; every second one of a member is credited, with how many are in the thread."""
    post = event.data
    if post.body == BOOM:
        raise RuntimeError("the rule fails on this post")
    known = turn.get(Tally, post.member) or Tally(member=post.member, thread=post.thread, posts=0, last_at=event.time)
    tally = replace(known, thread=post.thread, posts=known.posts + 1, last_at=event.time)
    turn.put(tally)
    together = len(turn.find(IN_THREAD, post.thread))
    if tally.posts % 2 == 0:
        turn.decide(
            HelperCredited(
                community=post.community,
                because=(Because(rule="every_second", threshold=2, actual=tally.posts, evidence=(event.id,)),),
                playbook=turn.community.playbook,
                post=post.post,
                thread=post.thread,
                member=post.member,
                reply=post.post,
                responder="member",
                asked=together > 1,
            ),
            rule="every_second",
            key=post.member,
        )
    turn.arm("silence", post.member, event.time + SILENCE)


def silent(turn: Turn, member: str, _due: datetime) -> None:
    """Ten minutes without a post."""
    tally = turn.get(Tally, member)
    if tally is not None:
        turn.decide(
            QuestionCancelled(
                community=_community_of(turn),
                because=(Because(rule="silence", threshold=10, actual=tally.posts),),
                playbook=turn.community.playbook,
                post=member,
                thread=tally.thread,
                reason="human",
            ),
            rule="silence",
            key=member,
        )


def _community_of(turn: Turn) -> str:
    return turn.slug


TOY = Service(
    name="support",
    package="toy",
    tables=(TALLY,),
    statements=(
        Statement(IN_THREAD, f"select {TALLY.names} from tally where community = $1 and thread = $2 order by member"),
    ),
    reacts={PostCreated: (counted,)},
    due={"silence": silent},
    emits=(HelperCredited, QuestionCancelled),
    needs=lambda event: ((Tally, (event.data.member,)),) if event.type == PostCreated.TYPE else (),
)
