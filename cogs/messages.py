"""What is answered to somebody who simply writes to the bot?"""

import discord
from discord.ext import commands

from bot.replies import QUIET
from bot.ui.crisis import HelpButton
from bot.ui.lasting import view_of

ANSWER = (
    "I'm a program: I can't read this as a person would, nobody else sees it, and it isn't kept.\n"
    "`/checkin` opens today. For people to talk to, at any hour: the button, or `/crisis`."
)


class Messages(commands.Cog):
    """Free text in a DM is never left without an answer."""

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        if message.guild is not None or message.author.bot:
            return
        try:
            await message.channel.send(ANSWER, view=view_of(HelpButton(0)), allowed_mentions=QUIET)
        except discord.HTTPException:
            return  # they closed their DMs meanwhile


async def setup(bot: commands.Bot) -> None:
    """Called by discord.py."""
    await bot.add_cog(Messages())
