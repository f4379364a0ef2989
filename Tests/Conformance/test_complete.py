"""No case of h2spec is left out, and none has another's number."""

from collections import Counter

import test_generic
import test_hpack
import test_http2_frames
import test_http2_streams
from cases import Case

# h2spec's sections, each with how many cases it has (version 2.6.0).
GENERIC = {
    "2": 5, "3.1": 3, "3.2": 3, "3.3": 5, "3.4": 1, "3.5": 1, "3.7": 1, "3.8": 1, "3.9": 2,
    "3.10": 2, "4": 4, "5": 15,
}
HTTP2 = {
    "4.1": 3, "4.2": 3, "4.3": 3, "5.1": 13, "5.1.1": 2, "5.1.2": 1, "5.3.1": 2, "5.4.1": 2,
    "5.5": 2, "6.1": 3, "6.2": 4, "6.3": 2, "6.4": 3, "6.5": 3, "6.5.2": 5, "6.5.3": 2, "6.7": 4,
    "6.8": 1, "6.9": 3, "6.9.1": 3, "6.9.2": 3, "6.10": 6, "7": 2, "8.1": 1, "8.1.2": 1,
    "8.1.2.1": 4, "8.1.2.2": 2, "8.1.2.3": 7, "8.1.2.6": 2, "8.2": 1,
}
HPACK = {"2.3.3": 2, "4.2": 1, "5.2": 3, "6.1": 1, "6.3": 1}
# Before the settings have been exchanged: tests of their own, not rows of a table.
BEGINNINGS = [
    test_generic.test_generic_1_1_the_connection_begins_with_the_preface_and_settings,
    test_http2_frames.test_http2_3_5_1_a_preface_is_answered_with_settings,
    test_http2_frames.test_http2_3_5_2_a_wrong_preface_ends_the_connection,
]


def rows() -> list[Case]:
    modules = (test_generic, test_hpack, test_http2_frames, test_http2_streams)
    lists = [value for module in modules for value in vars(module).values() if type(value) is list]
    return [case for found in lists for case in found if isinstance(case, Case)]


def test_every_case_of_h2spec_has_its_row():
    wanted = {
        f"{area}/{section}/{number + 1}"
        for area, sections in (("generic", GENERIC), ("http2", HTTP2), ("hpack", HPACK))
        for section, count in sections.items()
        for number in range(count)
    }
    numbers = Counter(case.number for case in rows())
    assert numbers == Counter(wanted)
    assert len(wanted) + len(BEGINNINGS) == 147
