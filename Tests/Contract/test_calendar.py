"""The calendar's data file says what PyPI's chinesecalendar says, on every day of its coverage.

The file is read here on its own, not through the Swift parser.
"""

import datetime
import pathlib

import chinese_calendar

CALENDAR = pathlib.Path(__file__).parents[2] / "Services" / "Policy" / "calendar.tsv"


def read():
    off, work, coverage = set(), set(), None
    for line in CALENDAR.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        fields = line.split("\t")
        if fields[0] == "coverage":
            coverage = tuple(datetime.date.fromisoformat(day) for day in fields[1:3])
        elif fields[1] in ("off", "work"):
            days = off if fields[1] == "off" else work
            days.add(datetime.date.fromisoformat(fields[0]))
    return off, work, coverage


def test_covers_2004_to_2026():
    assert read()[2] == (datetime.date(2004, 1, 1), datetime.date(2026, 12, 31))


def test_agrees_on_every_day():
    off, work, (first, last) = read()
    differing = []
    day = first
    while day <= last:
        ours = day in work or (day.weekday() < 5 and day not in off)
        if ours != chinese_calendar.is_workday(day):
            differing.append(day.isoformat())
        day += datetime.timedelta(days=1)
    assert differing == []


def test_names_only_days_of_its_coverage():
    off, work, (first, last) = read()
    assert not off & work
    assert all(first <= day <= last for day in off | work)
    assert all(day.weekday() >= 5 for day in work)
