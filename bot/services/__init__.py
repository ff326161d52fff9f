"""What a member, a moderator or the clock can make happen."""
