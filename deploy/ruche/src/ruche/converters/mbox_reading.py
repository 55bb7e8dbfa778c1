"""The messages of an mbox, one by one as they stand in the file: nothing is read twice, one message is in memory."""

import re
from collections.abc import Iterator
from typing import IO

_BEGINS = re.compile(rb"From .{0,512}\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b.{0,64}\d{4}")
LARGEST_MESSAGE_BYTES = 32 * 1024 * 1024
"""What is longer is cut: an attachment, since the words stand first."""


def messages(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Each message, and the line of its `From ` line; that line is left out.

    A line that begins with `From ` begins a message when an empty line is before it and it ends in a date: many
    archives hold bodies in which such a line was never escaped, which is why `mailbox.mbox` would cut them up.
    """
    lines: list[bytes] = []
    size, begun, empty = 0, 0, True
    for number, line in enumerate(file, 1):
        if empty and line.startswith(b"From ") and _BEGINS.match(line):
            if begun:
                yield begun, b"".join(lines)
            lines, size, begun = [], 0, number
        elif begun and size < LARGEST_MESSAGE_BYTES:
            lines.append(line[1:] if line.startswith(b">From ") else line)
            size += len(line)
        empty = not line.strip()
    if begun:
        yield begun, b"".join(lines)
