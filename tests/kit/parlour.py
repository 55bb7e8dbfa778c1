"""A package with one template in three languages, made for tests of texts and messages."""

import sys
from pathlib import Path

import pytest

TEMPLATES = {
    "fr-tu": """{% block title %}Un mot pour {{ name }}{% endblock %}
{% block body %}
Bonjour {{ name }}, as-tu lu « {{ title }} » ?

Il y a {{ count }} {{ count | plural("réponse", "réponses") }} : {{ helpers | join_words }}.
{% endblock %}""",
    "fr-vous": """{% block title %}Un mot pour {{ name }}{% endblock %}
{% block body %}
Bonjour {{ name }}, avez-vous lu « {{ title }} » ?

Il y a {{ count }} {{ count | plural("réponse", "réponses") }} : {{ helpers | join_words }}.
{% endblock %}""",
    "en": """{% block title %}A word for {{ name }}{% endblock %}
{% block body %}
Hello {{ name }}, have you read "{{ title }}"?

There {{ count | plural("is", "are") }} {{ count }} {{ count | plural("answer", "answers") }}:
{{ helpers | join_words }}.
{% endblock %}""",
}
LABELS = {"fr-tu": 'look = "Je regarde"', "fr-vous": 'look = "Je regarde"', "en": 'look = "I\'ll look"'}


def parlour(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, templates: dict[str, str] = TEMPLATES) -> str:
    """Write the package into a folder and put it on the path; answers its name."""
    package = folder / name
    package.mkdir()
    (package / "__init__.py").write_text("")
    for catalog, template in templates.items():
        texts = package / "messages" / catalog
        texts.mkdir(parents=True)
        (texts / "word.txt").write_text(template)
        (texts / "labels.toml").write_text(LABELS[catalog])
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, name, raising=False)
    return name
