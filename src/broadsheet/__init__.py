"""Broadsheet: a self-hosted Daily Papers."""

from __future__ import annotations

import os

# Read when numpy is loaded. Matrices of a search are small: other threads would make it three times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
