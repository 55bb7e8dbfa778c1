"""The operator's command. It knows no service: those that are installed are found by their entry points."""
