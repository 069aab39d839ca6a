"""`python -m nst_engine`."""

import signal
import sys

from nst_engine.cli import main
from nst_engine.processor import wait_without_spinning

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts background jobs deaf to it
    wait_without_spinning()
    sys.exit(main(sys.argv[1:]))
