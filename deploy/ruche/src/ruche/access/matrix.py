"""The matrix of the documentation: who may do what, answered by the same rights that make the server's lists."""

from contracts.registry import SERVICES
from ruche.access import rights
from ruche.access.rights import Right, Rights

BEGIN = "<!-- made by `ruche docs` from the lists themselves -->"
END = "<!-- until here -->"
_SERVICE, _OTHER = "onboarding", "support"
_USERS: tuple[tuple[str, Rights], ...] = (
    ("platform `forum` of `atelier`", rights.of_platform("forum", ["atelier"])),
    (f"service `{_SERVICE}`", rights.of_service(_SERVICE, ["camille"])),
    ("operator `camille`", rights.of_operator("camille")),
    ("operator `sacha` of `atelier` alone", rights.of_manager("sacha", ["atelier"])),
    ("keeper", rights.of_keeper("gardien")),
)
_SAYS = (
    ("a fact of `atelier` as `forum`", "post.created.atelier.forum"),
    ("a fact of another community", "post.created.verger.forum"),
    ("a fact as another platform", "post.created.atelier.chat"),
    (f"a decision of `{_SERVICE}`", f"member.welcomed.atelier.{_SERVICE}"),
    (f"a message requested by `{_SERVICE}`", f"message.requested.atelier.{_SERVICE}"),
    ("a decision of another service", f"question.opened.atelier.{_OTHER}"),
    ("a tick of the clock", "clock.ticked.atelier.clock"),
    ("an operator's word to `atelier`: playbook, mute, overrule", "community.configured.atelier.operator"),
    ("an operator's word to another community", "community.configured.verger.operator"),
    ("a dead letter given back", "letter.redriven.atelier.operator"),
    (f"a dead letter of `{_SERVICE}`", f"dead.{_SERVICE}.atelier"),
    ("a dead letter of another service", f"dead.{_OTHER}.atelier"),
    ("its own consumer's next messages, and their acknowledgement", "$JS.ruche.API.CONSUMER.MSG.NEXT.EVENTS.forum"),
    ("another platform's", "$JS.ruche.API.CONSUMER.MSG.NEXT.EVENTS.chat"),
    ("one message of the log", "$JS.API.STREAM.MSG.GET.EVENTS"),
    ("a reader of the log", "$JS.API.CONSUMER.CREATE.EVENTS.any.0.>"),
    ("one dead letter of the stream", "$JS.API.STREAM.MSG.GET.DEAD"),
    ("a stream made", "$JS.API.STREAM.CREATE.EVENTS"),
    ("a platform's consumer made or taken away", "$JS.API.CONSUMER.DELETE.EVENTS.forum"),
    ("the log changed: a message deleted, a purge", "$JS.API.STREAM.PURGE.EVENTS"),
    ("the stream itself changed or deleted", "$JS.API.STREAM.DELETE.EVENTS"),
    ("how services stand; pause, resume, dead letters", "ops.support.pause"),
    ("what a service knows of one member", "ops.support.member"),
    ("turns of a conductor", "ops.support.turn"),
)
_HEARS = (
    ("requests to `onboarding`", f"ops.{_SERVICE}.status"),
    ("requests to another service", f"ops.{_OTHER}.status"),
    ("what is published, past the log", "post.created.atelier.forum"),
)


def matches(pattern: str, subject: str) -> bool:
    """Whether a subject is one of a pattern's (`*` for one token, `>` for all that follow)."""
    wanted, tokens = pattern.split("."), subject.split(".")
    for place, part in enumerate(wanted):
        if part == ">":
            return len(tokens) > place
        if place >= len(tokens) or part not in {"*", tokens[place]}:
            return False
    return len(wanted) == len(tokens)


def _any(listed: tuple[Right, ...], subject: str) -> bool:
    return any(matches(right.called or right.subject, subject) for right in listed)


def matrix() -> str:
    """A Markdown table: what may be said, asked and heard, by each kind of user."""
    head = ["what", *(name for name, _ in _USERS)]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for title, rows, says in (("says or asks", _SAYS, True), ("hears", _HEARS, False)):
        lines.append(f"| **{title}** |{' |' * len(_USERS)}")
        for what, subject in rows:
            cells = [_any(found.says if says else found.hears, subject) for _, found in _USERS]
            lines.append(f"| {what} | {' | '.join('yes' if cell else '-' for cell in cells)} |")
    count = {name: len(found.says) for name, found in _USERS}
    lists = ", ".join(f"{name} {number}" for name, number in count.items())
    return "\n".join([*lines, "", f"Entries of each list: {lists}. Services: {', '.join(SERVICES)}."])


def with_matrix(page: str) -> str:
    """A page whose matrix, between its marks, is the present one. Raises ValueError when the marks are missing."""
    before, mark, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"the page lacks the marks {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{matrix()}\n{END}{after}"
