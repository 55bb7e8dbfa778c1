"""Who may ask services what: operators of everything all but a turn, an operator of some communities nothing."""

from chassis.operations import VERBS, request_subject
from ruche.access.rights import Right, of_manager, of_operator, of_platform, of_service


def asked(says: tuple[Right, ...]) -> set[str]:
    return {right.subject for right in says if right.subject.startswith("ops.")}


def test_an_operator_of_everything_asks_all_but_a_turn():
    assert asked(of_operator("camille").says) == {request_subject("*", verb) for verb in VERBS if verb != "turn"}


def test_nobody_of_some_communities_and_no_service_asks_what_is_known_of_a_member():
    """The request names any community: a subject could not hold it to one."""
    assert asked(of_manager("sacha", ["atelier"]).says) == set()
    assert asked(of_platform("forum", ["atelier"]).says) == set()
    assert asked(of_service("support", ["camille"]).says) == set()
