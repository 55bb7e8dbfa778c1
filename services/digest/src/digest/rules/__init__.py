"""The rules of digest: one module per family."""
