"""Recognition: strata, thanks, roles, the circle, tasks and turns."""
