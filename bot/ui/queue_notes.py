"""What is good to know for somebody who answers a request: before, during, afterwards, and when the worst has happened?

Sources: the helper note and the safe messaging section of the crisis resources, with those they name (AFSP, Samaritans'
online guidelines, Orygen #chatsafe, WHO/IASP). The words are ours. Nothing here needs the records.
"""

import re
from collections.abc import Mapping
from typing import Any, Self

import discord

from bot.replies import answering, show
from bot.ui.crisis import HelpButton
from bot.ui.lasting import Button, view_of
from bot.ui.pages import Page

BEFORE = (
    "**Helper's note**\n"
    "You are a classmate, not a clinician. You can be kind, and pass people on. That is enough.\n\n"
    "**What to say.** Write in private, by name: “You asked to be contacted, and I'm glad you did. How are you?” "
    "Listen more than you advise. You may ask “Are you thinking about suicide?”; asking does not put the idea there. "
    "`/crisis country:` has lines for their country. Ask who is near them.\n"
    "**What not to promise.** No secrecy about danger, no being there at every hour, no “it will be fine”. Don't "
    "debate, diagnose, or tell your own story.\n"
    "**Danger now** (a plan, a time, a means at hand, already hurt, a goodbye): ask them to call their emergency "
    "number. If you know where they are, call it yourself, even if they ask you not to. If you don't, report the "
    "message to Discord as self-harm and tell the server owner. Don't press anybody for an address.\n"
    "**Not alone.** Tell one other moderator “I'm with somebody, cover me”, without details. Two people, never one.\n"
    "**When to stop.** When it gets too much, when you are tired, when it needs more than a classmate. *Hand over* "
    "is right then; nobody will ask why. Don't stay up all night."
)
AFTER = (
    "**Done, and how are you?**\n"
    "Thank you for having been there. What you heard may stay with you for a while; that is no weakness.\n"
    "• A short word with another moderator, about you and not about them, helps most.\n"
    "• One look back the next day is enough, if they want it. You are not on call for them.\n"
    "• Eat, walk, sleep. `/queue duty away:` takes you off for some days, no reason asked.\n"
    "• The help lines are for helpers, too: you can call because you are worried about somebody else."
)
INCIDENT = (
    "**After an incident**\n"
    "For the hours after somebody was in danger, whatever came of it.\n"
    "1. **Is it over?** If anybody may still be in danger, the emergency number comes first, then all of this.\n"
    "2. **Two of you** take it in hand. One talks with the person or those close to them, one with the server.\n"
    "3. **In the server, little.** No method, no details, no name that isn't known already. Take down posts that show "
    "a method, and say gently why. Nobody is muted or banned for having been in pain.\n"
    "4. **Tell the server owner** what happened and what you did, in private, in a few plain sentences.\n"
    "5. **The person:** one kind message the next day, without questions that need an answer. Their place in the "
    "cohort stays as it was.\n"
    "6. **You:** talk with each other within a day. Nobody could have known everything, and it wasn't your job to. "
    "Go off duty for a while if you like."
)
DEATH = (
    "**If a member dies**\n"
    "1. **Be sure first.** A rumour hurts. Ask somebody who knows, and wait for what the family wants to be said.\n"
    "2. **Tell people closest to them first,** in person or in private, before anything is posted.\n"
    "3. **Then say it plainly:** “[Name] has died. We are very sad.” No method, no place, no note, no cause, no "
    "guesses about why. Never link it to a result or an exam: there is hardly ever one reason. No hero story either; "
    "others are listening who are not well.\n"
    "4. **In the same message** the way to people: `/crisis`, and school counselling.\n"
    "5. **Let people grieve,** each in their own way. A thread to remember is fine while somebody looks after it. "
    "Take down details of the death, gently.\n"
    "6. **Watch those closest to them,** and those who are quiet. A private “How are you holding up?” is enough.\n"
    "7. **Ask the school for help.** They have people for this, and you don't have to carry it.\n"
    "8. **Their account here:** `/cohort pause` stops the messages of the whole cohort. There is no command for one "
    "person; whoever hosts this program can stop one person's messages by hand.\n"
    "9. **You, too.** Step back, talk to somebody, let others take the queue."
)
NOTES: Mapping[str, tuple[str, str]] = {
    "note": ("Helper's note", BEFORE),
    "after": ("Afterwards", AFTER),
    "incident": ("After an incident", INCIDENT),
    "death": ("If a member dies", DEATH),
}
"""The label and the text of each page."""


class NoteButton(discord.ui.DynamicItem[Button], template=rf"queue:page:(?P<note>{'|'.join(NOTES)})"):
    """Open a page, for whoever presses alone; it is no secret, and opens also while records rest."""

    def __init__(self, note: str) -> None:
        self.note = note
        super().__init__(discord.ui.Button(label=NOTES[note][0], custom_id=f"queue:page:{note}"))

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["note"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        async with answering(interaction):
            await show(interaction, *page_of(self.note))


def page_of(note: str) -> Page:
    """A page, with the way to help lines beside it."""
    return NOTES[note][1], view_of(HelpButton(0))


ITEMS: tuple[type[discord.ui.DynamicItem[Any]], ...] = (NoteButton,)
