"""Where the ``tocsin`` command begins: Ctrl-C while it still loads is no traceback."""

from __future__ import annotations

import sys


def main() -> None:
    """Load the commands and run one."""
    try:
        from pipeline.cli import main as run
    except KeyboardInterrupt:
        sys.exit(130)
    run()
