"""Digest without its measures: a story about what is written and said need not wait for figures."""

from digest.part import joined
from digest.service import EDITORIAL

DIGEST = joined("digest", package="digest", parts=(EDITORIAL,), tells=lambda _turn, _member: ())
