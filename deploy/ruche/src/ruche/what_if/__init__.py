"""The same history under two playbooks, and what differs: computed, told at a terminal, shown as a page."""
