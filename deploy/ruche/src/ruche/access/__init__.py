"""Who may do what: NATS users and Postgres roles, each with exactly the rights it needs.

One registry in one folder; the server's configuration, everybody's credentials and the documented matrix are made
from it and from the contracts.
"""
