"""The rules of recognition, one module per family."""
