"""How many questions does somebody mean?"""

from bot.domain.errors import UserError


def count(text: str, block_size: int = 20, most: int = 500) -> int:
    try:
        return int(text)
    except ValueError:
        raise UserError("A number such as 40 works.") from None
