"""Freshness, synthesis, indicators: what happens in the place, told to those who are in it and to those who run it."""
