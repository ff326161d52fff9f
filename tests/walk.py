"""What can be reached from a message by pressing its buttons? Everything, also what was added yesterday."""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.conftest import World, buttons

TEXT_INPUT = 4


@dataclass
class Walk:
    """Each kind of button that was pressed, and all that came of it."""

    pressed: set[str] = field(default_factory=set[str])
    messages: list[Any] = field(default_factory=list[Any])
    forms: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    @property
    def fields(self) -> set[str]:
        """The names of all fields that are for words."""
        labels = [label for form in self.forms for label in form["components"]]
        inputs = [label["component"] for label in labels if label["component"]["type"] == TEXT_INPUT]
        return {each["custom_id"] for each in inputs}


def rows_of(message: Any) -> list[dict[str, Any]]:
    """The rows of a message, as Discord would send them."""
    return [row.to_dict() if hasattr(row, "to_dict") else row for row in message.components]


def alike(custom_id: str) -> str:
    """Buttons that differ in nothing but ids, days and places lead to the same kind of page."""
    return re.sub(r"\d+", "0", re.sub(r"crisis:(\w+):[A-Z]{2}", r"crisis:\1:US", custom_id))


async def walk(world: World, person: Any, first: Any) -> Walk:
    """Press every kind of button that can be reached from a message, each once."""
    found = Walk(messages=[first])
    todo = list(buttons(first).values())
    while todo:
        custom_id = todo.pop(0)
        if alike(custom_id) in found.pressed:
            continue
        found.pressed.add(alike(custom_id))
        result = await world.forge(person, custom_id)
        if result.modal:
            found.forms.append(result.modal)
        else:
            found.messages.append(result.response)
            todo += buttons(result.response).values()
    return found
