"""What things are and which steps are allowed; standard library only."""
