"""What a host may write into `.env`, and what they read when it won't do."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot import config
from bot.config import BadSetting, Settings

HERE = Path(__file__).parent.parent
TOKEN = "MTE0NTY3.a-token-of-a-bot.for-tests-only"
NAMES = {name.upper() for name in Settings.model_fields}

MALFORMED = [
    ("DISCORD_TOKEN", "short"),
    ("DATABASE_URL", "postgresql://localhost/comeback"),
    ("DATABASE_URL", "comeback.db"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "sqlite:///"),
    ("DATABASE_URL", "sqlite:///:memory:"),
    ("DISCORD_API_URL", "discord.com/api/v10"),
    ("DISCORD_API_URL", "ftp://discord.com"),
    ("LOG_LEVEL", "loud"),
    ("LOG_LEVEL", "10"),
]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without `.env`, and an environment without our settings."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def env_file(**settings: str) -> None:
    Path(".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()), encoding="utf-8")


def complaint() -> str:
    with pytest.raises(BadSetting) as error:
        config.load()
    return str(error.value)


def is_one_line_about(name: str, line: str) -> bool:
    """It names the setting first, and shows how a right one looks."""
    return "\n" not in line and line.startswith(f"{name} ") and f"for example {name}=" in line


def test_a_token_is_all_it_needs() -> None:
    env_file(DISCORD_TOKEN=TOKEN)
    settings = config.load()
    assert settings.discord_token.get_secret_value() == TOKEN
    assert settings.database_file == Path("data/comeback.db")
    assert settings.key_file == Path("data/comeback.key")


@pytest.mark.parametrize("given", ["nothing", "an empty line"])
def test_a_missing_token_is_named_with_an_example(given: str) -> None:
    if given == "an empty line":
        env_file(DISCORD_TOKEN="")
    line = complaint()
    assert is_one_line_about("DISCORD_TOKEN", line)
    assert "is missing" in line


@pytest.mark.parametrize(("name", "value"), MALFORMED)
@pytest.mark.parametrize("place", ["environment", "file"])
def test_a_malformed_setting_is_named_with_an_example(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, place: str
) -> None:
    settings = {"DISCORD_TOKEN": TOKEN, name: value}
    if place == "file":
        env_file(**settings)
    else:
        for each, its_value in settings.items():
            monkeypatch.setenv(each, its_value)
    line = complaint()
    assert is_one_line_about(name, line)
    assert "can't be read" in line


def test_a_refused_token_is_never_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    env_file(DISCORD_TOKEN="secret-too-short")
    assert "secret-too-short" not in complaint()
    settings = Settings(discord_token=TOKEN)  # pyright: ignore[reportArgumentType] - as the environment gives it
    assert TOKEN not in repr(settings)
    assert TOKEN not in str(settings)


def test_not_even_a_traceback_shows_what_was_refused() -> None:
    with pytest.raises(ValidationError) as error:
        Settings(discord_token="secret-too-short")  # pyright: ignore[reportArgumentType]
    assert "secret" not in str(error.value)


def test_two_mistakes_are_told_one_at_a_time() -> None:
    env_file(LOG_LEVEL="loud")
    assert is_one_line_about("DISCORD_TOKEN", complaint())
    env_file(DISCORD_TOKEN=TOKEN, LOG_LEVEL="loud")
    assert is_one_line_about("LOG_LEVEL", complaint())


def test_a_file_that_is_no_text_is_named() -> None:
    Path(".env").write_bytes(b"DISCORD_TOKEN=\xff\xfe\x00")
    line = complaint()
    assert line.startswith(".env can't be read")
    assert "\n" not in line


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    env_file(DISCORD_TOKEN=TOKEN, COMEBACK_DATA_DIR="from-the-file")
    monkeypatch.setenv("COMEBACK_DATA_DIR", "from-the-environment")
    assert config.load().comeback_data_dir == Path("from-the-environment")


def test_settings_of_other_programs_do_no_harm() -> None:
    env_file(DISCORD_TOKEN=TOKEN, COMPOSE_PROJECT_NAME="comeback", TZ="Asia/Manila")
    config.load()


def test_the_key_may_lie_elsewhere_and_the_records_too() -> None:
    env_file(DISCORD_TOKEN=TOKEN, COMEBACK_KEY_FILE="/etc/comeback/key", DATABASE_URL="sqlite:////srv/comeback.db")
    settings = config.load()
    assert settings.key_file == Path("/etc/comeback/key")
    assert settings.database_file == Path("/srv/comeback.db")
    env_file(DISCORD_TOKEN=TOKEN, DATABASE_URL="sqlite:///here/comeback.db", COMEBACK_DATA_DIR="there")
    settings = config.load()
    assert settings.database_file == Path("here/comeback.db")
    assert settings.key_file == Path("there/comeback.key")


@pytest.mark.parametrize("level", ["debug", " Info ", "WARNING"])
def test_a_log_level_may_be_written_as_people_write(level: str) -> None:
    env_file(DISCORD_TOKEN=TOKEN, LOG_LEVEL=level)
    assert config.load().log_level == level.strip().upper()


def test_an_address_may_end_with_a_slash() -> None:
    env_file(DISCORD_TOKEN=TOKEN, DISCORD_API_URL="http://proxy:3000/api/v10/")
    assert config.load().discord_api_url == "http://proxy:3000/api/v10"


def example() -> tuple[dict[str, str], dict[str, str]]:
    """The lines of `.env.example` that are to be filled in, and those that only show a default."""
    text = (HERE / ".env.example").read_text(encoding="utf-8")
    lines = re.findall(r"^(#?)([A-Z][A-Z0-9_]*)=(.*)$", text, re.MULTILINE)
    return (
        {name: value for mark, name, value in lines if not mark},
        {name: value for mark, name, value in lines if mark},
    )


def test_the_example_file_names_exactly_the_settings_there_are() -> None:
    required, defaults = example()
    assert required.keys() | defaults.keys() == NAMES
    assert not required.keys() & defaults.keys()
    must = {name.upper() for name, field in Settings.model_fields.items() if field.is_required()}
    assert required == dict.fromkeys(must, "")


def test_the_defaults_that_the_example_file_shows_are_the_real_ones() -> None:
    _, shown = example()
    env_file(DISCORD_TOKEN=TOKEN)
    untouched = config.load()
    env_file(DISCORD_TOKEN=TOKEN, **shown)
    as_shown = config.load()
    for attribute in ("database_file", "key_file", "comeback_data_dir", "discord_api_url", "log_level"):
        assert getattr(as_shown, attribute) == getattr(untouched, attribute), attribute
    read_above = {"DATABASE_URL", "COMEBACK_KEY_FILE", "COMEBACK_DATA_DIR", "DISCORD_API_URL", "LOG_LEVEL"}
    assert shown.keys() == read_above, "a new setting is compared here as well"


def test_every_setting_is_explained_above_its_line() -> None:
    text = (HERE / ".env.example").read_text(encoding="utf-8")
    for paragraph in text.strip().split("\n\n")[1:]:
        *words, setting = paragraph.splitlines()
        assert words, setting
        assert all(line.startswith("# ") for line in words)
