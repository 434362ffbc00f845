"""Run as a program: one job, from its submission to its end.

    python -m pipeline.runners.job SPEC

Exit codes: 0 the job was drained, 1 it failed, 2 it cannot start, 3 somebody cancelled it. SIGTERM cancels it.
"""

from __future__ import annotations

import logging
import os
import sys

from pipeline.logs import configure, quieten
from pipeline.runners.spec import JobSpec
from transforms.codec import decode


def main() -> int:
    """The program."""
    spec = decode(JobSpec, sys.argv[1])
    quieten()
    configure(spec.log_format)  # type: ignore[arg-type]
    from pipeline.runners.submit import submit  # Beam complains while it is imported

    return submit(spec)


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    os._exit(code)  # Beam's threads outlive a failed job; nothing of them is wanted, and they must not keep the process
