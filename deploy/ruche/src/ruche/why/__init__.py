"""Why: a decision's chain down to what platforms said, and a member's standing, in words that a manager reads."""
