"""Entry points: slash commands and listeners, one feature a file."""
