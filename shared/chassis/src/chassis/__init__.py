"""How the log is heard: a library that knows no service and no rule of the domain."""
