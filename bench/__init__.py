"""How fast Ruche is, beside what a user would otherwise write: `make bench`, explained in docs/performance.md."""
