"""The private folder of one job."""

import os
import tempfile
from pathlib import Path

import pytest

from nst_engine.agent.job_folder import job_folder, remove_abandoned_folders


@pytest.fixture(autouse=True)
def _private_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def make_old(folder: Path) -> None:
    os.utime(folder, (0, 0))


def test_it_is_private_and_gone_after_the_job() -> None:
    with job_folder() as folder:
        (folder / "content").write_bytes(b"a photo")
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()


def test_an_abandoned_folder_is_removed_and_one_in_use_is_not(tmp_path: Path) -> None:
    abandoned = tmp_path / "stylize-job-abandoned"
    abandoned.mkdir()
    (abandoned / "content").write_bytes(b"a photo")
    make_old(abandoned)
    with job_folder() as in_use:
        make_old(in_use)
        remove_abandoned_folders()
        assert in_use.exists()
    assert not abandoned.exists()


def test_a_folder_made_this_minute_is_left_alone_because_its_lock_may_be_about_to_be_taken(tmp_path: Path) -> None:
    fresh = tmp_path / "stylize-job-fresh"
    fresh.mkdir()
    remove_abandoned_folders()
    assert fresh.exists()


def test_a_link_that_somebody_laid_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.mkdir()
    link = tmp_path / "stylize-job-link"
    link.symlink_to(target)
    os.utime(link, (0, 0), follow_symlinks=False)
    remove_abandoned_folders()
    assert target.exists()
