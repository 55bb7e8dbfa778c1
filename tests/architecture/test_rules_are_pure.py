"""What import rules cannot see: the same bytes under two PYTHONHASHSEEDs need code that never asks for an order."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PURE = {
    *(
        "__future__",
        "array",
        "bisect",
        "calendar",
        "collections",
        "dataclasses",
        "datetime",
        "decimal",
        "enum",
        "fractions",
        "functools",
    ),
    *("hashlib", "heapq", "itertools", "math", "operator", "re", "statistics", "string", "struct", "types", "typing"),
    *("unicodedata", "zoneinfo"),
}
"""The parts of the standard library that give the same answer everywhere and touch nothing."""
ROWS = {"msgspec"}
"""What rows are made of: structs, and their `replace`."""
PYDANTIC = {"pydantic", "pydantic_core", "annotated_types", "typing_extensions"}
"""pydantic, and what it is made of."""


WIRING = {"__init__.py", "store.py"}
"""The files of `measures` that join its rules to the chassis; what draws the report lies in a folder of its own."""


def services() -> list[Path]:
    return sorted(path.parent for path in REPOSITORY.glob("services/*/src/*/rules"))


def pure_files() -> list[Path]:
    return [
        file
        for service in services()
        for file in (
            *sorted((service / "rules").rglob("*.py")),
            *sorted(service.glob("state*.py")),
            *sorted(service.glob("state/*.py")),
            *(file for file in sorted(service.glob("measures/*.py")) if file.name not in WIRING),
        )
    ]


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((name.name, node.lineno) for name in names)
            case ast.ImportFrom(module=module, level=0):
                yield module or "", node.lineno
            case ast.ImportFrom():
                yield "." * node.level, node.lineno


def unordered(tree: ast.AST) -> Iterator[int]:
    """Lines that iterate over a set where it is made: a loop, a comprehension, `list`, `tuple`, `join`, `next`."""
    for node in ast.walk(tree):
        match node:
            case ast.For(iter=source) | ast.comprehension(iter=source) if is_set(source):
                yield source.lineno
            case ast.Call(func=ast.Name(id="list" | "tuple" | "next" | "iter" | "enumerate"), args=[source, *_]):
                if is_set(source):
                    yield node.lineno
            case ast.Call(func=ast.Attribute(attr="join"), args=[source]) if is_set(source):
                yield node.lineno


def is_set(node: ast.AST) -> bool:
    match node:
        case ast.Set() | ast.SetComp():
            return True
        case ast.Call(func=ast.Name(id="set" | "frozenset")):
            return True
        case ast.BinOp(left=left, op=ast.BitOr() | ast.BitAnd() | ast.Sub() | ast.BitXor(), right=right):
            return is_set(left) or is_set(right)
    return False


def order_dependent(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """`hash` and `id` differ from process to process; a set comprehension into a set or `sorted` does not."""
    allowed = {
        id(generator.iter)
        for node in ast.walk(tree)
        if isinstance(node, ast.SetComp)
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ORDER_FREE)
        for inner in ([node] if isinstance(node, ast.SetComp) else node.args)
        if isinstance(inner, ast.GeneratorExp | ast.ListComp | ast.SetComp)
        for generator in inner.generators
    }
    sources = {id(node): node for node in ast.walk(tree)}
    lines = {sources[key].lineno for key in allowed}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=("hash" | "id") as name)):
                yield f"{name}()", node.lineno
    for line in unordered(tree):
        if line not in lines:
            yield "the order of a set", line


ORDER_FREE = {"all", "any", "frozenset", "len", "max", "min", "set", "sorted", "sum"}


@pytest.mark.parametrize("file", pure_files(), ids=lambda file: str(file.relative_to(REPOSITORY)))
def test_rules_and_state_are_pure(file: Path):
    tree = ast.parse(file.read_text("utf-8"))
    own = file.relative_to(REPOSITORY).parts[1]
    strangers = [
        f"{name} on line {line}"
        for name, line in imported(tree)
        if name.split(".")[0] not in {*PURE, *ROWS, "contracts"}
        and not name.startswith((f"{own}.rules", f"{own}.state"))
        and (
            not name.startswith(f"{own}.measures")
            or name.startswith((f"{own}.measures.store", f"{own}.measures.report"))
        )
        and not (own == "support" and name.split(".")[0] == "snowballstemmer")
    ]

    assert strangers == []
    assert [f"{what} on line {line}" for what, line in order_dependent(tree)] == []


def test_contracts_import_pydantic_and_the_standard_library_alone():
    strangers = [
        f"{file.name}: {name}"
        for file in sorted(REPOSITORY.glob("shared/contracts/src/contracts/**/*.py"))
        for name, _ in imported(ast.parse(file.read_text("utf-8")))
        if name.split(".")[0] not in {*sys.stdlib_module_names, *ROWS, *PYDANTIC, "contracts"}
    ]

    assert strangers == []


@pytest.mark.parametrize(
    "text",
    [
        "x = hash('a')",
        "x = [m for m in {'a', 'b'}]",
        "for m in set(people): print(m)",
        "x = tuple(set(a) - set(b))",
        "x = ', '.join({'a', 'b'})",
        "x = next(iter(frozenset(a)))",
    ],
)
def test_what_differs_from_process_to_process_would_be_noticed(text: str):
    assert list(order_dependent(ast.parse(text)))


@pytest.mark.parametrize(
    "text",
    [
        "x = sorted(set(a))",
        "x = sorted(m for m in set(a) if m)",
        "x = {m for m in {'a', 'b'}}",
        "x = any(m in b for m in set(a))",
        "x = 'a' in {'a', 'b'}",
    ],
)
def test_what_does_not_is_left_alone(text: str):
    assert not list(order_dependent(ast.parse(text)))


def test_there_is_no_package_below_tests_that_would_shadow_a_service():
    assert list((REPOSITORY / "tests").rglob("__init__.py")) == []
