"""When are two names of cohorts the same name?"""

import unicodedata


def name_key(name: str) -> str:
    """A name without what nobody can see: case, spacing, forms of one character, invisible characters."""
    seen = "".join(character for character in name if unicodedata.category(character) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", seen).casefold().split())
