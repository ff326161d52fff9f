"""Which settings did the host give? The only reader of the environment and of `.env`."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DISCORD_API = "https://discord.com/api/v10"


class BadSetting(Exception):
    """A setting is missing or malformed; `str(error)` is one line that names it and gives an example."""


class Settings(BaseSettings):
    """Every setting there is; `.env.example` explains each to the host."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True)

    discord_token: Annotated[SecretStr, Field(min_length=20)]
    database_url: str = ""
    comeback_data_dir: Path = Path("data")
    comeback_key_file: Path | None = None
    discord_api_url: str = DISCORD_API
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, value: str) -> str:
        return value.strip().upper()

    @field_validator("discord_api_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("not an address")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _a_sqlite_file(cls, value: str) -> str:
        if value and not re.fullmatch(r"sqlite:///[^:]+", value):
            raise ValueError("not a SQLite file")
        return value

    @property
    def database_file(self) -> Path:
        """`sqlite:///name` is relative to the folder the program runs in, `sqlite:////name` is absolute."""
        if self.database_url:
            return Path(self.database_url.removeprefix("sqlite:///"))
        return self.comeback_data_dir / "comeback.db"

    @property
    def key_file(self) -> Path:
        return self.comeback_key_file or self.comeback_data_dir / "comeback.key"


_WHAT_WORKS = {
    "DISCORD_TOKEN": "the bot's token from the developer portal, for example DISCORD_TOKEN=MTE4...",
    "DATABASE_URL": "a SQLite file, for example DATABASE_URL=sqlite:///data/comeback.db",
    "COMEBACK_DATA_DIR": "a folder, for example COMEBACK_DATA_DIR=./data",
    "COMEBACK_KEY_FILE": "a file, for example COMEBACK_KEY_FILE=/etc/comeback/comeback.key",
    "DISCORD_API_URL": f"an address, for example DISCORD_API_URL={DISCORD_API}",
    "LOG_LEVEL": "DEBUG, INFO, WARNING or ERROR, for example LOG_LEVEL=INFO",
}


def load() -> Settings:
    """Read `.env` and the environment, which wins. Raises BadSetting."""
    try:
        return Settings()  # pyright: ignore[reportCallIssue] - values come from the environment
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper()
        how = "is missing" if first["type"] == "missing" else "can't be read"
        raise BadSetting(f"{name} {how}: it must be {_WHAT_WORKS[name]}") from None
    except UnicodeDecodeError:
        raise BadSetting(".env can't be read: it must be a text file in UTF-8, as .env.example is") from None
