"""`python -m migrations FILE`: bring one database file to the newest revision."""

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config


def upgrade(path: Path, revision: str = "head") -> None:
    """Create or migrate a SQLite file; a revision that fails leaves the file as it was."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["path"] = path
    command.upgrade(config, revision)


if __name__ == "__main__":
    upgrade(Path(sys.argv[1]))
