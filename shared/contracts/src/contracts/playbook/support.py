"""No question left to die: the figures and word lists of support."""

from datetime import time
from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from contracts.ears import Ears, ears
from contracts.playbook import word_lists
from contracts.playbook.section import ClockTime, Section, figure, key


def _each_once(value: tuple[str, ...]) -> tuple[str, ...]:
    cleaned = [word.strip() for word in value]
    if any(not word for word in cleaned):
        raise ValueError("an empty word would match everything: take it out")
    return tuple(dict.fromkeys(cleaned))


WordList = Annotated[tuple[str, ...], AfterValidator(_each_once)]


class Support(Section):
    """What a question is, what stops its clocks, who is asked, and when."""

    question_score: int = figure(2, 1, 4, "A post without the platform's word is a question from that score.")
    question_sentences: int = figure(3, 1, 20, "Last sentences in which a question mark counts.")
    call_words: WordList = key(word_lists.CALL, "Calls for help; 1 towards the score.")
    question_words: WordList = key(word_lists.QUESTION, "Words that open a question; 1 towards the score.")
    greeting_words: WordList = key(word_lists.GREETING, "Greetings and sign-offs, taken off before the score.")
    ending_words: WordList = key(word_lists.ENDING, "Polite endings: their question mark counts, their words do not.")
    offer_words: WordList = key(word_lists.OFFER, "Offers to help: a sentence with one is a sign-off.")
    teaching_words: WordList = key(word_lists.TEACHING, "Who explains does not ask; 1 off the score.")
    teaching_titles: WordList = key(word_lists.TEACHING_TITLE, "The same as the first word of a title.")
    thanks_words: WordList = key(word_lists.THANKS, "The asker's thanks; without a question mark they close the clock.")
    acknowledged_words: WordList = key(
        word_lists.ACKNOWLEDGED, "A word of the asker made of these alone waits for no answer."
    )
    unsolved_words: WordList = key(word_lists.UNSOLVED, "Beside them, thanks are no end.")
    complaint_words: WordList = key(word_lists.COMPLAINT, "A complaint goes to the core team first, never to helpers.")
    care_words: WordList = key(word_lists.CARE, "Distress: humans only, at once, at any hour.")
    violence_words: WordList = key(word_lists.VIOLENCE, "Violence: the same.")

    answer_least_characters: int = figure(20, 1, 1000, "A human reply so long is an answer; or a link, code, an image.")
    answer_minutes: int = figure(60, 1, 10_080, "First answer, office minutes: what most people expect (2012).")
    answer_urgent_minutes: int = figure(30, 1, 10_080, "The same when urgent.")
    answer_low_minutes: int = figure(240, 1, 20_160, "The same when low.")
    warning_share: float = figure(0.75, 0.05, 0.99, "Warned at that share of the target.")
    ladder_multiples: tuple[float, ...] = key(
        (0.75, 1, 4, 8, 24),
        "Times the target: helpers, help place, relay, core team, synthesis.",
        min_length=5,
        max_length=5,
    )
    helpers_asked: int = figure(2, 0, 10, "Matched helpers asked at the first rung.")
    helper_pass_office_minutes: int = figure(30, 5, 1440, "Silence for so long passes to the next helper.")
    helper_hours_share: float = figure(0.8, 0.1, 1, "A helper's own hours hold so much of …")
    helper_hours_acts: int = figure(10, 1, 1000, "… at least so many acts …")
    helper_hours_weeks: int = figure(8, 1, 52, "… in so many weeks.")
    next_answer_office_hours: int = figure(4, 1, 80, "After the asker's last word, if it was not thanks.")

    helper_silences_most: int = figure(3, 1, 50, "After so many asks in a row without a word …")
    helper_rest_days: int = figure(7, 1, 365, "… a helper is left in peace for so long.")
    helper_attempts_most: int = figure(6, 0, 50, "Helpers asked about one question, those who passed included.")
    suggested_threads_most: int = figure(3, 0, 3, "Solved threads suggested.")
    suggestion_least_score: int = figure(400, 1, 1000, "How well a solved thread has to match, out of 1,000.")
    suggestion_threads_kept: int = figure(1000, 10, 10_000, "Solved threads in the index; the oldest go.")
    suggestion_term_threads: int = figure(40, 5, 500, "Solved threads the index keeps of one term, the newest.")
    suggestion_newcomer_minutes: int = figure(
        30, 0, 1440, "Never to a newcomer's first question before a human or that."
    )

    round_time: ClockTime = key(time(10, 0), "The daily round: what was solved is asked, what is left is dormant.")
    solved_asked_days: int = figure(3, 1, 60, "Asked once whether it helped, after the last answer …")
    solved_asked_after_thanks_days: int = figure(1, 0, 60, "… or after thanks …")
    solved_asked_spacing_days: int = figure(14, 1, 180, "… at most once per member in so many days.")
    dormant_days: int = figure(14, 1, 365, "An answered one left so is dormant.")
    history_dormant_days: int = figure(14, 1, 365, "An unanswered one of history, older than that, is dormant.")
    closed_kept_days: int = figure(180, 30, 3650, "A question that is over can be reopened for so long.")
    closed_notice_days: int = figure(
        7, 1, 90, "Outside hours the asker is told the next opening, once in so many days."
    )
    derived_skill_answers: int = figure(3, 1, 100, "Accepted or thanked answers on a tag that make a derived skill …")
    derived_skill_days: int = figure(180, 7, 3650, "… in so many days.")

    crisis_window_minutes: int = figure(60, 5, 1440, "The window of complaints.")
    crisis_complaints_least: int = figure(5, 2, 1000, "Complaints in it, at least.")
    crisis_sigmas: float = figure(3, 0.5, 10, "Above the mean of the same hour.")
    crisis_sigma_least: float = figure(1, 0, 100, "The deviation is never taken lower.")
    crisis_history_days: int = figure(28, 7, 365, "The same hour over so many days.")
    crisis_people_least: int = figure(3, 1, 100, "People, at least …")
    crisis_people_share: float = figure(0.01, 0, 1, "… or so much of the week's actives …")
    crisis_people_most: int = figure(15, 1, 1000, "… at most so many.")
    crisis_opens_minutes: int = figure(15, 1, 1440, "Without a human's word it opens for inside effects only.")
    crisis_update_hours: int = figure(4, 1, 48, "An update is asked so often.")
    crisis_closes_hours: int = figure(24, 1, 720, "Below for so long: closed.")

    @model_validator(mode="after")
    def _possible(self) -> Self:
        ladder = self.ladder_multiples
        if list(ladder) != sorted(set(ladder)) or ladder[0] <= 0:
            raise ValueError("ladder_multiples rise from above 0: each rung comes after the one before it")
        if not self.answer_urgent_minutes <= self.answer_minutes <= self.answer_low_minutes:
            raise ValueError("answer_urgent_minutes ≤ answer_minutes ≤ answer_low_minutes: urgent ones are sooner")
        if self.crisis_people_least > self.crisis_people_most:
            raise ValueError("crisis_people_least is above crisis_people_most")
        return self

    @cached_property
    def ears(self) -> Ears:
        """What hears words of distress, of violence and of a complaint in what people write."""
        return ears(self.care_words, self.violence_words, self.complaint_words)
