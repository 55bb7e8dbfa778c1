"""Ruche in a test: stories, recorded files, golden files, what differs between two runs. No server, no wall clock."""
