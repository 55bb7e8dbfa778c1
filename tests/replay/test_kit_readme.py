"""What the kit's README shows is what happens."""

import re

from archives import REPOSITORY

README = (REPOSITORY / "shared" / "replay" / "README.md").read_text("utf-8")


def test_its_story_passes_as_it_stands():
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
    told = {}
    exec(code, told)  # noqa: S102 - it is what a reader copies

    told["test_nobody_waits_in_vain"]()
