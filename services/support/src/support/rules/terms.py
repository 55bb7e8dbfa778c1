"""Terms: the stemmed words under which a thread is found again, in French and English."""

from functools import lru_cache

from snowballstemmer.english_stemmer import EnglishStemmer
from snowballstemmer.french_stemmer import FrenchStemmer

from contracts.skills import fold
from support.rules.text import spoken

MOST_TERMS = 24
LONGEST_READ = 1200
_LEAST_LETTERS = 3
_FRENCH_LITTLE = """
alors apres assez aucun aussi autre autres avait avant avec avez avoir avons beaucoup bien bon bonjour bonsoir
car ceci cela celle celui certains ces cet cette chez chose comme comment dans depuis des deux dire dit dois
doit donc dont du elle elles encore entre est ete etes etre eux faire fais fait faites faut fois font ici ils
jai je jour juste les leur leurs lors lui mais meme merci mes mieux moi moins mon nos notre nous ont optionnel
pas parce par pendant peu peut peuvent peux plus plutot pour pourquoi pourrait pouvez prendre puis quand que
quel quelle quelles quelque quelques quels qui quoi salut sans savoir ses seulement sera soit sommes son sont
sous suis sur svp tant tel tellement tes toi ton toujours tous tout toute toutes tres trop trouve une vers veut
veux voici voila voir vos votre vous vraiment aide aider besoin cherche idee probleme question quelqu marche
arrive sais avis coup peut-etre bonne soir jamais rien chaque aux hui aujourd
"""
_FRENCH = frozenset(_FRENCH_LITTLE.split())
_ENGLISH_LITTLE = """
about after again all also always and another any anybody anyone anything are because been before being between
both but can cannot could did does doing don done each either else even ever every for from get getting give
goes going got guys had has have having hello her here hey him his how into isn its just keep kind know let like
little look looking lot made make makes many maybe mean might more most much must need never new next not now
off okay one only onto other our out over own please put question quite rather really right said same say see
seem seems should since some somebody someone something still such sure take tell than thank thanks that the
their them then there these they thing things think this those though through too tried try trying two under
until use used using very want wants was way well were what when where whether which while who whole why will
with without won work working works would yes yet you your help idea problem issue
"""
_ENGLISH = frozenset(_ENGLISH_LITTLE.split())


LITTLE = tuple(sorted(_FRENCH | _ENGLISH))
"""Words that carry no meaning, and tell the language."""


@lru_cache(maxsize=1)
def _french() -> FrenchStemmer:
    return FrenchStemmer()


@lru_cache(maxsize=1)
def _english() -> EnglishStemmer:
    return EnglishStemmer()


@lru_cache(maxsize=32_768)
def stem(word: str, language: str) -> str:
    """The stem of a folded word; a stem is the same wherever the same release of the stemmer runs."""
    stemmer = _french() if language == "fr" else _english()
    found: str = stemmer.stemWord(word)
    return found


def likened(word: str) -> str:
    """What a folded word counts as, in whatever language it is."""
    return stem(stem(word, "fr"), "en")


def language_of(words: list[str], locale: str | None, fallback: str) -> str:
    """In which language somebody wrote: by the little words, else by their locale, else the community's."""
    french = sum(word in _FRENCH for word in words)
    english = sum(word in _ENGLISH for word in words)
    if french != english:
        return "fr" if french > english else "en"
    told = (locale or "").replace("_", "-").split("-")[0].casefold()
    return told if told in {"fr", "en"} else fallback


def terms_of(
    title: str | None, tags: tuple[str, ...], body: str, *, locale: str | None, fallback: str
) -> tuple[tuple[str, ...], int]:
    """The terms of a thread, those of title and tags first, and how many those are.

    Without a title, the first words of the body that are terms stand for one.
    """
    heading = fold(spoken(title)).split() if title else []
    text = fold(spoken(body)[:LONGEST_READ]).split()
    language = language_of(heading + text, locale, fallback)
    strong = dict.fromkeys(f"#{tag}" for tag in (fold(tag).replace(" ", "-") for tag in tags) if tag)
    _add_stems(strong, heading, language, MOST_TERMS)
    kept = dict(strong)
    _add_stems(kept, text, language, MOST_TERMS)
    count = len(strong) if heading else min(len(strong) + MOST_TERMS // 3, len(kept))
    return tuple(kept)[:MOST_TERMS], min(count, MOST_TERMS)


def _add_stems(terms: dict[str, None], words: list[str], language: str, most: int) -> None:
    """Add the stems of words that carry meaning, in their order, until there are so many terms."""
    for word in words:
        if len(terms) >= most:
            return
        if len(word) >= _LEAST_LETTERS and not word.isdigit() and word not in _FRENCH and word not in _ENGLISH:
            terms[stem(word, language)] = None
