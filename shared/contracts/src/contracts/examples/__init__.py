"""One recorded example of every type ever published; each must decode for ever."""

from importlib.resources import files


def example(type_: str) -> bytes:
    """The example of a type, as a message body. Raises FileNotFoundError for a type that has none."""
    return (files(__name__) / f"{type_}.json").read_bytes()
