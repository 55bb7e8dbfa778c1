"""Support: no question left to die."""
