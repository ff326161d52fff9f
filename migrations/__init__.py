"""Numbered, frozen revisions of the database."""
