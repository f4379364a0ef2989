"""Prints how many tests passed and failed, from JUnit reports: `passed failed`."""

import pathlib
import sys
import xml.etree.ElementTree as tree


def tally(paths):
    """The sum over all reports that exist; a skipped test counts as neither, and a report that
    breaks off, because its run was ended, as one that failed."""
    passed = failed = 0
    for path in paths:
        if not pathlib.Path(path).is_file():
            continue
        try:
            cases = list(tree.parse(path).iter("testcase"))
        except tree.ParseError:
            failed += 1
            continue
        for case in cases:
            kinds = {child.tag for child in case}
            if kinds & {"failure", "error"}:
                failed += 1
            elif "skipped" not in kinds:
                passed += 1
    return passed, failed


if __name__ == "__main__":
    print(*tally(sys.argv[1:]))
