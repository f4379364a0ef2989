"""The percentiles that the load report tells (Tests/LoadReportTests/HdrHistogramTests.swift) are
those of PyPI's hdrhistogram over the same latencies.

ANJU_UPDATE_GOLDEN=1 pytest Tests/Contract/test_histogram.py writes golden/hdrhistogram.tsv anew.
"""

import os
import pathlib

from hdrh.histogram import HdrHistogram

GOLDEN = pathlib.Path(__file__).parent / "golden" / "hdrhistogram.tsv"
LONGEST_US = 3_600_000_000
# As many that each percentile below means a whole number of calls: hdrhistogram rounds ranks.
CALLS = 20_000
PERCENTILES = [50, 90, 99, 99.9, 99.99, 100]
MASK = (1 << 64) - 1


def split_mix(seed: int):
    """SplitMix64, as TestSupport's SeededRandom has it."""
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        mixed = state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        yield mixed ^ (mixed >> 31)


def latencies(seed: int):
    """From 1 µs to an hour; each power of two as often as the next."""
    numbers = split_mix(seed)
    for _ in range(CALLS):
        drawn = next(numbers)
        yield min(1 + (drawn >> 8) % (1 << (drawn % 33)), LONGEST_US)


def row(seed: int) -> str:
    histogram = HdrHistogram(1, LONGEST_US, 3)
    for latency in latencies(seed):
        assert histogram.record_value(latency)
    values = [histogram.get_value_at_percentile(share) for share in PERCENTILES]
    return "\t".join(str(value) for value in [seed, *values])


def test_golden_is_what_hdrhistogram_says():
    text = "".join(row(seed) + "\n" for seed in range(1, 9))
    if "ANJU_UPDATE_GOLDEN" in os.environ:
        GOLDEN.write_text(text, encoding="utf-8")
    assert GOLDEN.read_text(encoding="utf-8") == text
