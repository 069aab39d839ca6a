"""A private folder for the pictures of one job, which does not outlive it, not even when the agent is killed."""

import fcntl
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

log = logging.getLogger(__name__)

_PREFIX = "stylize-job-"
_SECONDS_TO_TAKE_A_LOCK = 60.0


@contextmanager
def job_folder() -> Iterator[Path]:
    """An empty folder that only this user can read. The lock on it ends with the process, however that ends."""
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name:
        lock = os.open(name, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield Path(name)
        finally:
            os.close(lock)


def remove_abandoned_folders() -> None:
    """Delete what agents left that were killed in the middle of a job: folders of this user that nobody locks."""
    for folder in Path(tempfile.gettempdir()).glob(_PREFIX + "*"):
        try:
            _remove_if_abandoned(folder)
        except OSError as error:
            log.debug("%s is left alone: %s", folder, error)


def _remove_if_abandoned(folder: Path) -> None:
    known = folder.lstat()
    if known.st_uid != os.getuid() or time.time() - known.st_mtime < _SECONDS_TO_TAKE_A_LOCK:
        return
    lock = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # BlockingIOError where its agent lives
        shutil.rmtree(folder)
        log.info("removed %s, which an engine left that was killed", folder)
    finally:
        os.close(lock)
