"""What is answered to somebody who simply writes to the bot?"""

from typing import Any, cast

import discord
from discord.ext import commands

from bot.domain.patterns import Tier
from bot.replies import QUIET
from bot.services import Services
from bot.ui.crisis import HelpButton, answer_words
from bot.ui.lasting import view_of

ANSWER = (
    "I'm a program: I can't read this as a person would, nobody else sees it, and it isn't kept.\n"
    "`/checkin` opens today. For people to talk to, at any hour: the button, or `/crisis`."
)


class Messages(commands.Cog):
    """Free text in a DM is never left without an answer."""

    def __init__(self, bot: Any) -> None:
        self._services = cast("Services", bot.services)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        if message.guild is not None or message.author.bot:
            return
        outcome = await self._services.screening.screen(message.content)
        try:
            if outcome.tier is Tier.A:
                await answer_words(self._services, message, outcome)
            else:
                await message.channel.send(ANSWER, view=view_of(HelpButton(0)), allowed_mentions=QUIET)
        except discord.HTTPException:
            return  # they closed their DMs meanwhile


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py."""
    await bot.add_cog(Messages(bot))
