"""Facts that can go out of date, each with a source and a date."""
