"""`python -m nst_engine`."""

import sys

from nst_engine.shell import leave_on_interrupt, make_streams_safe

if __name__ == "__main__":
    leave_on_interrupt()  # also where a shell starts background jobs deaf to Ctrl-C
    make_streams_safe()
    from nst_engine.cli import main  # imported late: what comes before Ctrl-C is taken care of must be short
    from nst_engine.processor import wait_without_spinning

    wait_without_spinning()
    sys.exit(main(sys.argv[1:]))
