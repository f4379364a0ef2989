"""Prints how many tests passed and failed, from JUnit reports: `passed failed`; after them, a line
for each test that failed, so that the end of a long log says what to look for."""

import pathlib
import sys
import xml.etree.ElementTree as tree

MESSAGE_LENGTH = 600
"""Characters of a failure's message: a failed expectation may print a whole permit."""


def tally(paths):
    """The sum over all reports that exist, and the failures by name; a skipped test counts as
    neither, and a report that breaks off, because its run was ended, as one that failed."""
    passed, failures = 0, []
    for path in paths:
        if not pathlib.Path(path).is_file():
            continue
        try:
            cases = list(tree.parse(path).iter("testcase"))
        except tree.ParseError as error:
            failures.append(f"{path}: {error}")
            continue
        for case in cases:
            kinds = {child.tag: child for child in case}
            wrong = kinds.get("failure", kinds.get("error"))
            if wrong is not None:
                failures.append(described(case, wrong))
            elif "skipped" not in kinds:
                passed += 1
    return passed, failures


def described(case, wrong):
    """One line: whose test, which, and the beginning of what was wrong."""
    message = " ".join((wrong.get("message") or wrong.text or "").split())
    return f"{case.get('classname')}: {case.get('name')}: {message[:MESSAGE_LENGTH]}"


if __name__ == "__main__":
    passed, failures = tally(sys.argv[1:])
    print(passed, len(failures))
    for failure in failures:
        print(failure)
