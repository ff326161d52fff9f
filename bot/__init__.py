"""The Comeback bot: what it is made of, layer by layer."""

import zoneinfo

# The pinned tzdata package decides local times, never the system's copy, which otherwise wins silently.
zoneinfo.reset_tzpath(to=())
