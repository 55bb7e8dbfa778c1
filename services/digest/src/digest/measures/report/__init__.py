"""The report: one page of HTML, whole in itself, that shows how a community does."""
