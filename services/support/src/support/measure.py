"""Precision and recall of the detection on a labelled sample: `python -m support.measure tests/support/sample_fr.json`.

A sample is a JSON list of `{title, body, question}`, and `help_place` where it matters.
"""

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

from contracts.playbook import NEUTRAL
from support.rules.detection import signs


class Measure(NamedTuple):
    """How the detection does on a sample: posts taken for questions rightly and wrongly, questions missed, the rest."""

    found: int
    wrong: int
    missed: int
    left: int

    @property
    def precision(self) -> str:
        """Of what is taken for a question, the share that is one, in percent to one place, rounded down."""
        return _percent(self.found, self.found + self.wrong)

    @property
    def recall(self) -> str:
        """Of the questions, the share that is found, in percent to one place, rounded down."""
        return _percent(self.found, self.found + self.missed)


def _percent(part: int, whole: int) -> str:
    tenths = 1000 * part // max(1, whole)
    return f"{tenths // 10}.{tenths % 10}"


def is_found(post: dict[str, Any]) -> bool:
    """Whether a post of a sample is taken for a question by its score."""
    figures = NEUTRAL.support
    found = signs(figures, title=post["title"], body=post["body"], help_place=post.get("help_place", False))
    return found.score >= figures.question_score


def measured(posts: list[dict[str, Any]]) -> Measure:
    """The figures of a sample."""
    verdicts = [(is_found(post), bool(post["question"])) for post in posts]
    return Measure(
        found=verdicts.count((True, True)),
        wrong=verdicts.count((True, False)),
        missed=verdicts.count((False, True)),
        left=verdicts.count((False, False)),
    )


def main(files: list[str]) -> None:
    """Print the figures of each sample, and what it gets wrong."""
    for name in files:
        posts = json.loads(Path(name).read_text("utf-8"))
        figures = measured(posts)
        questions = figures.found + figures.missed
        print(f"{name}: {len(posts)} posts, {questions} questions")  # noqa: T201 - a command's answer
        print(  # noqa: T201
            f"  precision {figures.precision} % ({figures.found} of {figures.found + figures.wrong}),"
            f" recall {figures.recall} % ({figures.found} of {questions})"
        )
        for post in posts:
            if is_found(post) != post["question"]:
                word = "missed" if post["question"] else "taken for a question"
                print(f"  {word}: {post['title'] or ''} | {post['body'][:100]}")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
