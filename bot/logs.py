"""What may be written into the log? Row ids, never what people wrote, at any level."""

import logging
import sys

QUIETEST_FOREIGN = logging.INFO
"""discord.http and aiosqlite put bodies and parameters into their DEBUG lines."""


def set_up(level: str) -> None:
    """Log to standard error; only our own loggers ever go below INFO."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(getattr(logging, level), QUIETEST_FOREIGN))
    for ours in ("bot", "cogs"):
        logging.getLogger(ours).setLevel(level)
    for noisy in ("apscheduler", "discord.client", "discord.gateway"):
        logging.getLogger(noisy).setLevel(max(root.level, logging.WARNING))
