"""Detection: is a post a question, a complaint, a cry for help? Words and marks are counted; no model, no guess."""

import re
from typing import NamedTuple

from contracts.phrases import flat, holding, made_of, opening
from contracts.playbook import Support
from support.rules.text import sentences, spoken, words

_GREETING_LEFT = 4
"""A sentence that opens with a greeting and has fewer words beside it is a greeting: « Bonjour à toutes et à tous »."""
_ENDING_LEFT = 2
_LONG_ENDING_LEFT = 5
_CONNECTING = (
    *("et", "mais", "alors", "donc", "du coup", "sinon", "ou", "car", "or", "bref", "svp", "stp", "dites", "dis"),
    *("ma question", "question", "par contre", "en fait", "d'ailleurs", "and", "but", "so", "or", "also", "then"),
    *("now", "well", "ok so", "please", "my question is", "the question is", "just", "basically", "anyway", "btw"),
)
_INSIDE = (
    *("comment", "pourquoi", "combien", "quel", "quelle", "quels", "quelles", "quoi", "lequel", "laquelle", "ou est"),
    *("lesquels", "lesquelles", "est-ce que", "est-ce qu'", "est-ce", "qu'est-ce", "y a-t-il", "how", "why", "which"),
    *("what", "where", "how's", "what's"),
)
_DIRECT = (
    *("how to", "how do", "how does", "how can", "how could", "how should", "how would", "how long", "how much"),
    *(
        "how many",
        "what is",
        "what are",
        "what's",
        "what does",
        "what do",
        "what should",
        "why is",
        "why are",
        "why do",
    ),
    *("why does", "why did", "why can't", "where is", "where are", "where can", "where do", "which one", "which is"),
    *("when is", "when are", "when do", "when does", "who can", "who knows", "can someone", "can anyone", "can i"),
    *("could someone", "could anyone", "does anyone", "does anybody", "does it", "is there", "is it", "are there"),
    *("anyone know", "anybody know", "anyone knows", "anyone got", "anyone have", "has anyone", "should i"),
    *("comment", "pourquoi", "est-ce que", "est-ce qu'", "c'est quoi", "qu'est-ce", "quel est", "quelle est"),
    *(
        "quels sont",
        "quelles sont",
        "où est",
        "où sont",
        "où trouver",
        "quelqu'un sait",
        "quelqu'un a",
        "quelqu'un peut",
    ),
    *("qui sait", "qui peut", "combien", "peut-on", "faut-il", "y a-t-il", "il y a quelqu'un"),
)
_LEAD = re.compile(
    r"[\W_]*(?:hi|hey|hello|hiya|yo|guys|all|everyone|everybody|folks|there|so|and|ok|okay|um|question|quick question"
    r"|bonjour|bonsoir|salut|slt|bjr|coucou|tout le monde|a tous|a toutes|et|alors|du coup|dites|question)\b[\s,:!.-]*"
)
_INVERSION = re.compile(r"[^\W\d_]+-(?:t-)?(?:je|tu|il|elle|on|nous|vous|ils|elles|ce)\b")
_ALTERNATIVE = re.compile(r"\b(?:ou|or)\b")
"""« Le brut ou le net ? »: two things to choose from; and « où », flat, is the same letters."""
_INDIRECT = re.compile(
    r"\b(?:savoir|sais|saurait|demande|demandons|dire|expliquer|indiquer|know|sure|wonder|wondering|understand|explain"
    r"|tell me|figure out)\b[\W_]+(?:pas |plus |a |de |d'|about )?"
    r"(?:si|s'il|comment|pourquoi|ou|quand|combien|quel|quelle|quels|quelles|laquelle|lequel|ce que|ce qui|a qui"
    r"|if|whether|how|why|where|when|which|what|who)\b"
)
"""« J'aimerais savoir comment … »"""
LISTENED = (
    *(*_CONNECTING, *_INSIDE, *_DIRECT, "http", "https", "www"),
    *(word for one in (_LEAD, _INVERSION, _ALTERNATIVE, _INDIRECT) for word in re.findall("[a-z]+", one.pattern)),
)
"""All that is listened for beside the playbook's lists."""


class Signs(NamedTuple):
    """What speaks for a question, each 0 or 1, and against it."""

    mark: int
    call: int
    word: int
    place: int
    teaching: int

    @property
    def score(self) -> int:
        """From 0 to 4."""
        return max(0, self.mark + self.call + self.word + self.place - self.teaching)


def signs(figures: Support, *, title: str | None, body: str, help_place: bool) -> Signs:
    """The signs of a question in a post.

    A question mark in the title or in the last sentences, greeting, sign-off and offers to help taken off; a call for
    help; a question word that opens a sentence with a question mark, or the title, or a French inversion; the help
    place. Somebody who explains (tutorial, report) does not ask: one off.
    """
    heading = flat(spoken(title)) if title else ""
    text = flat(spoken(body))
    said = [sentence for sentence in sentences(text) if not _is_courtesy(figures, sentence)]
    tail = said[-figures.question_sentences :]
    asking = [sentence for sentence in (heading, *tail) if "?" in sentence]
    teaching = _teaches(figures, heading, text)
    # « How to … » over a tutorial calls for nothing.
    calling = [text for text in (said if teaching or not heading else [heading, *said]) if _calls(figures, text)]
    bare = not asking and _asks_without_a_mark(heading, said)
    worded = any(_opens_with_question(figures, sentence) for sentence in asking)
    return Signs(
        mark=int(bool(asking) or bare),
        call=int(bool(calling)),
        word=int(worded or bare or any(_INDIRECT.search(sentence) for sentence in calling)),
        place=int(help_place),
        teaching=int(teaching),
    )


def _calls(figures: Support, sentence: str) -> bool:
    return holding(figures.call_words).search(sentence) is not None


def _asks_without_a_mark(heading: str, said: list[str]) -> bool:
    """One sentence, as in a chat, that opens like a question and just leaves the mark out."""
    if heading or len(said) != 1 or said[0][-1] in ".!…":
        return False
    for part in (said[0], said[0].rpartition(",")[2]):
        clause = part
        while (lead := _LEAD.match(clause)) is not None:
            clause = clause[lead.end() :]
        if opening(_DIRECT).match(clause):
            return True
    return False


def _is_courtesy(figures: Support, sentence: str) -> bool:
    """A greeting, a sign-off, an offer to help."""
    if holding(figures.offer_words).search(sentence):
        return True
    greeting = holding(figures.greeting_words)
    if greeting.search(sentence) is None:
        return False
    left = words(greeting.sub(" ", sentence))
    return len(left) < _GREETING_LEFT


def _opens_with_question(figures: Support, sentence: str) -> bool:
    """Whether a sentence with a question mark asks by its words, and not as a polite ending."""
    ending = opening(figures.ending_words)
    for last in (sentence, sentence.rpartition(",")[2]):
        found = ending.match(last)
        if found is not None:
            room = _ENDING_LEFT if len(words(found[0])) == 1 else _LONG_ENDING_LEFT
            if len(words(last[found.end() :])) <= room:
                return False
    clause = sentence
    connecting = opening(_CONNECTING)
    greeting = opening(figures.greeting_words)
    while (lead := connecting.match(clause) or greeting.match(clause)) is not None and lead.end() > 0:
        clause = clause[lead.end() :]
    if opening(figures.question_words).match(clause):
        return True
    for part in clause.split(",")[1:]:
        if opening(figures.question_words).match(part):
            return True
    return any(pattern.search(clause) for pattern in (holding(_INSIDE), _INVERSION, _ALTERNATIVE))


def _teaches(figures: Support, heading: str, text: str) -> bool:
    if heading and opening(figures.teaching_titles).match(heading):
        return True
    return holding(figures.teaching_words).search(text if not heading else f"{heading}\n{text}") is not None


def is_thanks(figures: Support, body: str) -> bool:
    """The asker's thanks: words of thanks, no question mark, no word that it is not solved."""
    text = flat(spoken(body))
    return (
        "?" not in text
        and holding(figures.thanks_words).search(text) is not None
        and holding(figures.unsolved_words).search(text) is None
    )


def waits_for_nothing(figures: Support, body: str) -> bool:
    """Thanks, or a word made of acknowledgements alone: « ok, je vais essayer »."""
    if is_thanks(figures, body):
        return True
    text = flat(spoken(body))
    return "?" not in text and (not words(text) or made_of(figures.acknowledged_words).fullmatch(text) is not None)


def asks_again(figures: Support, body: str) -> bool:
    """Whether the asker's word in a question that is over asks for more."""
    if waits_for_nothing(figures, body):
        return False
    text = flat(spoken(body))
    if "?" in text:
        return True
    # One word (« mais ») is too little to say that it is not solved; a phrase (« ne marche pas ») is not.
    phrases = tuple(phrase for phrase in figures.unsolved_words if " " in phrase or "'" in phrase)
    return holding(phrases).search(text) is not None
