"""What the database is asked."""
