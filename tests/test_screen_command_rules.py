"""Can a clinician review the screen in a terminal, without Discord, settings or a database?"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def screen(typed: bytes, tmp_path: Path, *options: str) -> subprocess.CompletedProcess[bytes]:
    """In an empty folder and an empty environment."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from bot.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "screen", *options]
    return subprocess.run(command, input=typed, capture_output=True, cwd=tmp_path, env={}, check=False, timeout=60)


def test_every_note_gets_one_line_with_tier_and_card(tmp_path: Path) -> None:
    typed = "i want to die\nmy friend wants to die\n\nthis block killed me\nfeeling hopeless\nkms 💀\n".encode()
    done = screen(typed, tmp_path)
    assert done.stdout.decode().splitlines() == ["A self", "A somebody else", "none", "B self", "B self"]
    assert (done.returncode, done.stderr) == (0, b"")
    assert list(tmp_path.iterdir()) == []


def test_explain_names_patterns_and_masks_and_never_the_words(tmp_path: Path) -> None:
    done = screen(b"that block killed me and i dont want to wake up\ncanary\n", tmp_path, "--explain")
    first, second = done.stdout.decode().splitlines()
    assert first.split("\t")[:3] == ["A self", "wish.not_wake", "idiom.killed_by_things"]
    assert re.fullmatch(r"[+-]\d\.\d [+-]\d\.\d", first.split("\t")[3])
    assert second.split("\t")[:3] == ["none", "-", "-"]
    assert "canary" not in done.stdout.decode()


def test_bytes_that_are_no_text_stop_nothing(tmp_path: Path) -> None:
    done = screen(b"\xff\xfe\x00\ni want to die\n", tmp_path)
    assert done.stdout.split(b"\n")[-2] == b"A self"
    assert done.returncode == 0
