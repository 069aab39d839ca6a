"""How good each of several things is, from duels between them: the Bradley–Terry model. Knows numbers only.

The model (R. A. Bradley and M. E. Terry, Rank analysis of incomplete block designs: I. The method of paired
comparisons, Biometrika 39, 1952, 324-345) gives each an ability, and says that the chance of i to win against j is
1 / (1 + exp(ability of j - ability of i)).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

VIRTUAL_DUELS = 2.0
"""What is thought before anybody voted: each has fought so many duels, half of them won, with one whose ability is 0.

Without it there would be no answer where one has won or lost everything, or where two groups never met (D. R. Hunter,
MM algorithms for generalized Bradley-Terry models, Ann. Statist. 32, 2004, 384-406, assumption 1). Two are one win and
one loss: every chance to win against that one is as likely as every other, as in Laplace's rule of succession. It
weighs as much as two votes, and pulls towards the middle whom few have seen. (F. Caron and A. Doucet, Efficient
Bayesian inference for generalized Bradley-Terry models, J. Comput. Graph. Statist. 21, 2012, 174-196, use a gamma prior
to the same end. With virtual duels it follows that one more win never lowers anybody's own place: docs/challenges.md.)
"""
WITHIN_95_PERCENT = 1.959964
"""So many standard errors to either side."""
MOST_STEPS = 100
PRECISION = 1e-11
"""Of an ability; far from what a vote changes, and far above what rounding does."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fit:
    """Abilities that add up to 0, and how much is known of them."""

    abilities: Matrix
    """(N,)"""
    covariance: Matrix
    """(N, N), under the same constraint: that of each one's distance to the average."""

    @property
    def standard_errors(self) -> Matrix:
        """(N,)"""
        return np.sqrt(np.diag(self.covariance))

    @property
    def reach(self) -> Matrix:
        """Of the 95 % intervals, to either side. (N,)"""
        return WITHIN_95_PERCENT * self.standard_errors


def wins_between(count: int, times: Mapping[tuple[int, int], int]) -> Matrix:
    """(N, N): `times` is how often the one of an index won against that of another."""
    wins = np.zeros((count, count))
    for pair, often in times.items():
        wins[pair] = often
    return wins


def fit(wins: Matrix, *, virtual_duels: float = VIRTUAL_DUELS) -> Fit:
    """The most likely abilities, by Newton's method: `wins[i, j]` (N, N) is how often i won against j.

    The covariance is the inverse of the Fisher information. Without virtual duels the plain maximum of the likelihood,
    which must exist: everybody has to have won, directly or by others, against everybody else.
    """
    if not len(wins):
        return Fit(np.zeros(0), np.zeros((0, 0)))
    abilities = np.zeros(len(wins))
    for _ in range(MOST_STEPS):
        information = _information(abilities, wins, virtual_duels)
        step = np.asarray(np.linalg.solve(information, _surplus(abilities, wins, virtual_duels)), dtype=np.float64)
        if np.abs(step).max() < PRECISION:
            break
        abilities = abilities + _shortened(step, abilities, wins, virtual_duels)
    inverse = np.linalg.inv(_information(abilities, wins, virtual_duels))
    covariance = _centred(np.asarray(inverse, dtype=np.float64))
    return Fit(abilities - abilities.mean(), covariance)


def chance(ability: Matrix) -> Matrix:
    """To win against one whose ability is 0."""
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * ability))


def _centred(covariance: Matrix) -> Matrix:
    """Of the distances to the average: C A C with C = 1 - 1/N, without multiplying matrices. (N, N)"""
    rows = covariance - covariance.mean(axis=0, keepdims=True)
    return np.asarray(rows - rows.mean(axis=1, keepdims=True))


def _shortened(step: Matrix, abilities: Matrix, wins: Matrix, virtual_duels: float) -> Matrix:
    """The step, halved until it leads uphill: far from the top, Newton's may go beyond it."""
    before = _log_likelihood(abilities, wins, virtual_duels)
    rounding = PRECISION * abs(before)
    while _log_likelihood(abilities + step, wins, virtual_duels) < before - rounding:
        step = step / 2
    return step


def _log_likelihood(abilities: Matrix, wins: Matrix, virtual_duels: float) -> float:
    losses = np.logaddexp(0.0, abilities[None, :] - abilities[:, None])
    virtual = np.logaddexp(0.0, abilities) + np.logaddexp(0.0, -abilities)
    return -float((wins * losses).sum() + 0.5 * virtual_duels * virtual.sum())


def _surplus(abilities: Matrix, wins: Matrix, virtual_duels: float) -> Matrix:
    """The log-likelihood's gradient: how many duels more each has won than the abilities let expect. (N,)"""
    expected = (wins + wins.T) * chance(abilities[:, None] - abilities[None, :])
    return np.asarray((wins - expected).sum(axis=1) + virtual_duels * (0.5 - chance(abilities)))


def _information(abilities: Matrix, wins: Matrix, virtual_duels: float) -> Matrix:
    """The Fisher information, with the virtual duels counted as duels. (N, N)

    Duels alone say nothing of what all abilities have in common; where nothing else does, it is held at 0.
    """
    chances = chance(abilities[:, None] - abilities[None, :])
    between = (wins + wins.T) * chances * (1.0 - chances)
    own = chance(abilities)
    to_virtual = virtual_duels * own * (1.0 - own)
    in_common = 0.0 if virtual_duels else 1.0 / len(abilities)
    return np.asarray(np.diag(between.sum(axis=1) + to_virtual) - between + in_common)
