"""What is said on Ruche's bus, and what it means."""
