"""Run as a program: one worker of Beam's, with Tocsin's logging.

python -m pipeline.runners.worker CONTROL_ENDPOINT WORKER_ID LOG_FORMAT
"""

from __future__ import annotations

import logging
import sys

from pipeline.logs import configure, quieten


def main() -> None:
    """Work until the runner hangs up."""
    control, id, log_format = sys.argv[1:4]
    quieten()
    configure(log_format)  # type: ignore[arg-type]
    logging.getLogger("apache_beam").setLevel(logging.ERROR)
    from apache_beam.runners.worker.sdk_worker import SdkHarness  # complains while it is imported

    from pipeline.runners.telling import telling

    with telling():
        SdkHarness(control, worker_id=id, state_cache_size=0, data_buffer_time_limit_ms=-1).run()


if __name__ == "__main__":
    main()
