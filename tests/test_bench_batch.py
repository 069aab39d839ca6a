"""Jobs together and one after the other."""

from collections.abc import Sequence

from nst_engine.bench.batch import Batches, Job, Work, batches_table, measure_batches
from nst_engine.contract.params import StylizeParams
from nst_engine.vgg import Vgg19
from tests.bench_samples import BATCH, MACHINE, quick_ceilings
from tests.fake_network import random_picture, tiny_network

WORK = Work(name="one", job=(random_picture(64, 64), [random_picture(64, 64)]), params=StylizeParams(size=64, steps=1))


def test_every_number_of_jobs_is_painted_in_one_batch_and_one_by_one() -> None:
    sizes: list[int] = []

    def together(batch: Sequence[Job], params: StylizeParams, network: Vgg19, /) -> Sequence[object]:
        assert params == WORK.params
        sizes.append(len(batch))
        return batch

    found = measure_batches(tiny_network(), WORK, (3, 1), together, quick_ceilings())
    assert sizes == [1, 1, 1, 3, 1, 1, 1]
    assert [row.jobs for row in found.batches] == [1, 3]
    assert found.size == 64


def test_the_table_has_a_row_for_each_number() -> None:
    last = batches_table(Batches(machine=MACHINE, pair="one", size=512, batches=(BATCH,))).splitlines()[-1]
    assert last.split() == ["4", "2.00", "s", "6.00", "s", "3.00", "2.000", "1024", "MiB"]
