"""A what-if as one JSON document, and its changes one a line."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ruche.what_if.compared import Compared, Side
from ruche.what_if.people import Reason, Typical, messages, most_affected, typical
from ruche_replay.difference import KINDS, Change, Kind


def document(found: Compared) -> Mapping[str, Any]:
    """Everything that is counted; members by their platform's id."""
    difference = found.difference
    return {
        "playbook": found.before.label,
        "against": found.after.label,
        "settings": [{"setting": name, "before": old, "after": new} for name, old, new in found.settings()],
        "services": sorted(found.before.turns.shelves),
        "communities": found.communities,
        "facts": found.facts,
        "decisions": {
            "before": difference.before,
            "after": difference.after,
            "same": difference.same,
            **_kinds(difference.counts),
        },
        "by_rule": [
            {
                "service": matter.service,
                "type": matter.type,
                "rule": matter.rule,
                **_kinds(Counter(change.kind for change in changes)),
                "typical": _typical(typical(changes)),
            }
            for matter, changes in difference.matters().items()
        ],
        "messages": {
            "before": _messages(found.before),
            "after": _messages(found.after),
            "members": {
                member: {"before": found.before.to_members[member], "after": found.after.to_members[member]}
                for member in sorted({*found.before.to_members, *found.after.to_members})
            },
        },
        "most_affected": [
            {
                "member": one.member,
                "name": one.name,
                **{kind: one.counts[kind] for kind in ("appeared", "vanished", "moved")},
                "messages": {"before": one.messages_before, "after": one.messages_after},
                "reasons": [_reason(reason) for reason in one.reasons],
            }
            for one in most_affected(found)
        ],
        "rule_failures": _failures(found.before) + _failures(found.after),
        "sha256": {"before": found.before.turns.sha256(), "after": found.after.turns.sha256()},
    }


def changes(found: Compared) -> Iterator[Mapping[str, Any]]:
    """Each change, in the order in which the two runs part."""
    for change in found.difference.changes:
        one = change.decision
        yield {
            "kind": change.kind,
            "community": one.community,
            "service": one.service,
            "type": one.type,
            "rule": one.rule,
            "members": one.members,
            "before": _placed(change, "before"),
            "after": _placed(change, "after"),
            "fields": [field._asdict() for field in change.fields],
            "reasons": [field._asdict() for field in change.reasons],
        }


def _placed(change: Change, side: str) -> Mapping[str, Any] | None:
    decision = getattr(change, side)
    return None if decision is None else {"id": decision.id, "time": decision.time}


def _kinds(counts: Counter[Kind]) -> Mapping[str, int]:
    return {kind: counts[kind] for kind in KINDS}


def _messages(side: Side) -> Mapping[str, Any]:
    sums = messages(side.to_members)
    return {
        "to_members": sums.total,
        "members": sums.members,
        "middle": sums.middle,
        "most": sums.most,
        "elsewhere": dict(sorted(side.elsewhere.items())),
    }


def _reason(reason: Reason) -> Mapping[str, Any]:
    return {
        "kind": reason.kind,
        "type": reason.type,
        "rule": reason.rule,
        "times": reason.times,
        "typical": _typical(reason.typical),
        "takes": reason.takes,
    }


def _typical(found: Typical) -> Mapping[str, Any]:
    """`moved_seconds` is negative for earlier."""
    field = None if found.otherwise is None else found.otherwise._asdict()
    return {"moved_seconds": found.shift.total_seconds(), "otherwise": field, "times": found.times, "of": found.of}


def _failures(side: Side) -> int:
    return sum(letter.kind == "rule-failure" for shelf in side.turns.shelves.values() for letter in shelf.letters)
