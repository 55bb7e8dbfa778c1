"""What digest tells of a member: what they read, follow, need and fed back."""

from digest.service import DIGEST
from facts import MONDAY, chose, days, fact, hours, joined, posted
from stories import given
from told import told_of


def test_what_somebody_reads_follows_needs_and_fed_back():
    story = given(joined("ana", MONDAY), joined("ben", MONDAY), service=DIGEST)
    story.when(posted("ben", MONDAY, post="t"), chose("ana", MONDAY + hours(1), digest=True))
    story.when(fact("thread.followed", MONDAY + hours(1), member="ana", thread="t"))
    story.when(fact("need.declared", MONDAY + hours(1), member="ana", need="learn"))
    story.when(fact("feedback.submitted", MONDAY + hours(2), feedback="f", member="ana", title="Un établi de plus"))

    assert told_of(story, "ana", "standing") == [
        "Personal digest: wanted.",
        "1 conversation followed.",
        "Looks for this here: learning, since 2 March 2026.",
        "Feedback that waits for an outcome: “Un établi de plus”, Monday 2 March 2026 at 13:00.",
    ]
    assert told_of(story, "ana", "open") == ["They will be asked whether it is found (learning): 1 April 2026."]

    story.when(fact("need.answered", MONDAY + days(1), member="ana", need="learn", answer="yes"))
    story.when(fact("feedback.answered", MONDAY + days(1), feedback="f", outcome="adopted", why="oui", by="eve"))
    after = told_of(story, "ana", "standing")
    assert "Found what they look for here: learning." in after
    assert any("that has its outcome (adopted)" in said for said in after)
    assert told_of(story, "ben", "standing") == []
