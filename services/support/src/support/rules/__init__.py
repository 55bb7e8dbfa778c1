"""The functional core: what is known and what happened, to what changes and what is said."""
