"""What a text may be written with: words, values, and a few ways to choose and to list them.

A playbook brings texts from outside, and one of them must not hold up everybody's messages: whatever could grow
without bound, or call what is not there to be called, is refused before it is ever rendered. The shipped texts keep
to the same.
"""

from jinja2 import TemplateSyntaxError, nodes

OWN_FILTERS = ("plural", "link", "join_words", "day", "clock", "when")
"""Written for these texts."""
FILTERS = frozenset(
    {
        *OWN_FILTERS,
        *("length", "count", "first", "last", "list", "selectattr", "rejectattr"),
        *("lower", "upper", "capitalize", "trim", "default"),
    }
)
"""None of them answers more than it was given."""
MOST_LOOPS = 2
"""Lists inside of lists. Of three, the lengths of texts multiplied would be a long time."""
_STATEMENTS = (nodes.Template, nodes.Block, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign)
_VALUES = (
    *(nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Filter, nodes.Test),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr, nodes.Keyword, nodes.Neg),
    *(nodes.Add, nodes.Sub, nodes.Concat, nodes.Dict, nodes.Pair, nodes.List, nodes.Tuple, nodes.Call),
)
_GROWING = (nodes.Add, nodes.Concat, nodes.Call)


def expect_plain(template: nodes.Template) -> None:
    """Raise TemplateSyntaxError, with its line, for a template that uses more than a text may."""
    _expect(template, loops=0)


def _expect(node: nodes.Node, *, loops: int) -> None:
    if not isinstance(node, (*_STATEMENTS, *_VALUES)):
        raise _unfit(node, f"{type(node).__name__.lower()} has no place in a text")
    match node:
        case nodes.Filter() if node.name not in FILTERS:
            raise _unfit(node, f"there is no filter {node.name!r} for texts: they are {', '.join(sorted(FILTERS))}")
        case nodes.For():
            loops += 1
            if loops > MOST_LOOPS or node.recursive:
                raise _unfit(node, f"a list may stand in a list, and no deeper than {MOST_LOOPS}")
        case nodes.Assign():
            # A value made of itself, line by line, doubles with every line.
            made = [node.node, *node.node.find_all(_GROWING)]
            if any(isinstance(found, _GROWING) and not _is_lookup(found) for found in made):
                raise _unfit(node, "`set` takes a value as it is: put texts together where they are printed")
        case nodes.Call() if not _is_lookup(node):
            raise _unfit(node, "nothing is called in a text but `.get` of a table of words")
        case nodes.Dict() | nodes.List() | nodes.Tuple() if not _is_constant(node):
            raise _unfit(node, "a table of words is made of words, not of values")
        case _:
            pass
    for child in node.iter_child_nodes():
        _expect(child, loops=loops)


def _is_lookup(node: nodes.Node) -> bool:
    """`words.get(key)`, which answers what is there."""
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr) and node.node.attr == "get"


def _is_constant(node: nodes.Expr) -> bool:
    try:
        node.as_const()
    except nodes.Impossible:
        # What a loop unpacks into, as `{% for key, value in … %}`, is a tuple of names.
        return isinstance(node, nodes.Tuple) and node.ctx == "store"
    return True


def _unfit(node: nodes.Node, what: str) -> TemplateSyntaxError:
    return TemplateSyntaxError(what, node.lineno)
