"""Prints how many tests passed and failed, from JUnit reports: `passed failed`."""

import pathlib
import sys
import xml.etree.ElementTree as tree


def tally(paths):
    """The sum over all reports that exist; a skipped test counts as neither."""
    passed = failed = 0
    for path in paths:
        if not pathlib.Path(path).is_file():
            continue
        for case in tree.parse(path).iter("testcase"):
            kinds = {child.tag for child in case}
            if kinds & {"failure", "error"}:
                failed += 1
            elif "skipped" not in kinds:
                passed += 1
    return passed, failed


if __name__ == "__main__":
    print(*tally(sys.argv[1:]))
