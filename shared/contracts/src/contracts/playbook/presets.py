"""Four starting points, as what they change of the defaults. A document names one by `preset:` and changes the rest."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

_FRANCE = {"language": "fr", "timezone": "Europe/Paris", "country": "FR"}

PRESETS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        # People who help each other with something they do: questions and answers are the heart of it.
        "entraide": {
            **_FRANCE,
            "register": {"members": "tu", "sponsors": "vous"},
            "hours": "asso",
            "support": {"helpers_asked": 3},
            "digest": {"synthesis_questions_most": 7, "meetup_ahead_days": 45},
        },
        # Volunteers with evenings and Saturdays: slower clocks, lighter duties, meetings that matter.
        "asso": {
            **_FRANCE,
            "register": {"members": "tu", "sponsors": "vous"},
            "hours": "asso",
            "purses": {"duty_per_window": 2, "attention_per_week": 2},
            "onboarding": {"pairing_newcomers_most": 2, "first_post_relay_minutes": 120},
            "recognition": {"points": {"meetup_attended_points": 5, "task_points": 8}},
            "support": {"answer_minutes": 120, "answer_low_minutes": 480},
            "digest": {"reciprocity_business_days": 5, "brief_time": "18:00"},
        },
        # Customers of an organisation: vous, office hours, the organisation answers for what it promises.
        "pro": {
            **_FRANCE,
            "register": {"members": "vous", "sponsors": "vous"},
            "hours": "pro",
            "onboarding": {"raid_joins": 10, "lapse_least_days": 42},
            "support": {"helper_pass_office_minutes": 20, "crisis_update_hours": 2},
            "digest": {"promotion_share": 0.05, "feedback_business_days": 5, "reciprocity_business_days": 1},
        },
        # People of a town or a cause who debate and decide: voices and votes, always open, slow to count anybody out.
        "citoyen": {
            **_FRANCE,
            "register": {"members": "vous", "sponsors": "vous"},
            "hours": "always",
            "onboarding": {"raid_joins": 20, "lapse_least_days": 60, "unheard_posts": 2},
            "recognition": {"fairness": {"pair_share": 0.5}, "thanks_most": 3},
            "support": {"answer_minutes": 240, "answer_urgent_minutes": 60, "answer_low_minutes": 1440},
            "digest": {"promotion_share": 0.05, "voice_subjects": 10, "reciprocity_business_days": 5},
        },
    }
)
