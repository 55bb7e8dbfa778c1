"""Our community's playbook: every story and replay of these tests is told under it."""

import pytest


@pytest.fixture
def ruche_playbook():
    return {
        "name": "Soles",
        "language": "en",
        "places": {"help": "help"},
        "support": {"answer_minutes": 60},
    }
