"""The Bradley–Terry model agrees with a published example, with arithmetic on paper, and with itself."""

import math
import random
import time

import numpy as np
import pytest

from bot.challenges.bradley_terry import Matrix, chance, fit
from bot.challenges.ranking import rank_by_duels
from tests.challenge_samples import entries_numbered

JOURNALS = ("Biometrika", "Communications in Statistics", "JASA", "JRSS-B")
CITATIONS = np.array(
    [[714, 730, 498, 221], [33, 425, 68, 17], [320, 813, 1072, 142], [284, 276, 325, 188]], dtype=np.float64
)
"""Row cited by column: S. M. Stigler, Citation patterns in the journals of statistics and probability, Statist. Sci. 9
(1994), 94-108, as in A. Agresti, Categorical Data Analysis, 2nd ed. (2002), p. 448, and the R package BradleyTerry2."""


def citations() -> Matrix:
    """Being cited is a win over whoever cites; citing itself is none."""
    wins = CITATIONS.copy()
    np.fill_diagonal(wins, 0.0)
    return wins


def test_it_ranks_the_journals_of_statistics_as_published() -> None:
    """H. Turner and D. Firth, Bradley-Terry models in R: the BradleyTerry2 package, J. Stat. Softw. 48(9), 2012: the
    abilities and standard errors of `BTabilities(citeModel)`, relative to Biometrika.
    """
    fitted = fit(citations(), virtual_duels=0)
    variances = np.diag(fitted.covariance)
    errors = np.sqrt(variances + variances[0] - 2 * fitted.covariance[0])
    assert fitted.abilities - fitted.abilities[0] == pytest.approx([0, -2.94907, -0.47957, 0.26895], abs=5e-6)
    assert errors == pytest.approx([0, 0.10255, 0.06059, 0.07083], abs=5e-6)


def test_among_thousands_of_duels_the_virtual_ones_hardly_count() -> None:
    assert fit(citations()).abilities == pytest.approx(fit(citations(), virtual_duels=0).abilities, abs=0.02)


def test_two_alone_are_as_far_apart_as_the_logarithm_of_their_odds() -> None:
    """3 : 1 wins: log 3, with a variance of 1/3 + 1/1; half of either is each one's distance to the average."""
    fitted = fit(np.array([[0.0, 3.0], [1.0, 0.0]]), virtual_duels=0)
    assert fitted.abilities == pytest.approx([math.log(3) / 2, -math.log(3) / 2])
    assert fitted.standard_errors == pytest.approx([math.sqrt(4 / 3) / 2] * 2)


def test_without_duels_only_the_virtual_ones_are_known() -> None:
    """The information of n virtual duels between equals is n/4; of three entries' average nothing is uncertain."""
    fitted = fit(np.zeros((3, 3)), virtual_duels=2)
    assert fitted.abilities == pytest.approx([0, 0, 0])
    assert fitted.standard_errors == pytest.approx([math.sqrt(2 * (1 - 1 / 3))] * 3)


def test_abilities_add_up_to_nothing_and_so_do_their_errors() -> None:
    fitted = fit(citations())
    assert fitted.abilities.sum() == pytest.approx(0, abs=1e-12)
    assert fitted.covariance.sum(axis=0) == pytest.approx([0] * 4, abs=1e-12)


@pytest.mark.parametrize(
    "wins",
    [
        pytest.param(np.triu(np.full((100, 100), 1000.0), 1), id="everybody-beats-whoever-comes-later"),
        pytest.param(np.outer(np.eye(100)[0], np.full(100, 1e6) - 1e6 * np.eye(100)[0]), id="one-beats-all"),
        pytest.param(np.kron(np.eye(2), [[0.0, 500.0], [2.0, 0.0]]), id="two-groups-that-never-met"),
    ],
)
def test_there_is_an_answer_where_the_plain_likelihood_has_none(wins: Matrix) -> None:
    """At the top nobody has won more, or less, than the abilities let expect."""
    fitted = fit(wins)
    assert np.isfinite(fitted.abilities).all()
    assert (fitted.standard_errors > 0).all()
    assert (np.diff(fitted.abilities[:2]) < 0).all()
    centre = _centre(fitted.abilities)
    expected = (wins + wins.T) * chance(fitted.abilities[:, None] - fitted.abilities[None, :])
    surplus = (wins - expected).sum(axis=1) + 2.0 * (0.5 - chance(fitted.abilities + centre))
    assert surplus == pytest.approx(np.zeros(len(wins)), abs=1e-4)


def _centre(abilities: Matrix) -> float:
    """How far the one of the virtual duels is from the average: they balance where all chances against it do."""
    low, high = -500.0, 500.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if (chance(abilities + middle) - 0.5).sum() < 0 else (low, middle)
    return low


def test_a_hundred_entries_and_five_thousand_duels_take_no_time() -> None:
    """50 ms of this thread; the best of some tries, for others may be at work on the machine."""
    rng = random.Random(3)
    entries = entries_numbered(100)
    duels = []
    for _ in range(5000):
        one, other = rng.sample(entries, 2)
        duels.append((one.id, other.id) if rng.random() < 1 / (1 + 1.02 ** (one.id - other.id)) else (other.id, one.id))
    tries = []
    for _ in range(5):
        begun = time.thread_time()
        ranking = rank_by_duels(entries, duels)
        tries.append(time.thread_time() - begun)
    assert min(tries) < 0.05
    assert ranking == rank_by_duels(entries, duels)
    best = [placed.entry.id for placed in ranking[:25]]
    assert sum(best) / len(best) < 30


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    """A hundred challenges of ten entries, whose abilities are a third apart, and of 405 duels."""
    rng = np.random.default_rng(11)
    truth = np.linspace(-1.5, 1.5, 10)
    held = 0
    for _ in range(100):
        wins = np.zeros((10, 10))
        for one in range(10):
            for other in range(one):
                won = rng.binomial(9, chance(truth[one] - truth[other]))
                wins[one, other], wins[other, one] = won, 9 - won
        fitted = fit(wins)
        held += int((np.abs(fitted.abilities - truth) <= 1.96 * fitted.standard_errors).sum())
    assert 930 <= held <= 980
