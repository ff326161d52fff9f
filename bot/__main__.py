"""`python -m bot` is `comeback`."""

import sys

from bot.cli import main

sys.exit(main())
