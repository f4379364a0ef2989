"""The calendar's data file says what PyPI's chinesecalendar says, on every day of its coverage; after
it, up to 2040, the days that are off by law are those of PyPI's lunardate and of the solar terms.

The file is read here on its own, not through the Swift parser.
"""

import datetime
import pathlib

import chinese_calendar
import lunardate
import statutory_days

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


def read_statutory():
    """The statutory lines as they stand: day and holiday."""
    found = []
    for line in CALENDAR.read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if len(fields) == 3 and fields[1] == "statutory":
            found.append((datetime.date.fromisoformat(fields[0]), fields[2]))
    return found


def test_statutory_days_are_as_they_were_made():
    first = read()[2][1].year + 1
    made = [day for year in range(first, 2041) for day in statutory_days.statutory(year)]
    assert read_statutory() == made


def holiday(day):
    """Which holiday of the lunar year or of the solar terms a day is, by other packages; or none."""
    found = lunardate.LunarDate.from_solar_date(day.year, day.month, day.day)
    eve = lunardate.LunarDate.from_solar_date(
        *(day + datetime.timedelta(days=1)).timetuple()[:3]
    )
    if (eve.month, eve.day) == (1, 1) or (found.month == 1 and found.day <= 3):
        return "春节"
    if found.is_leap_month:
        return None
    if (found.month, found.day) in ((5, 5), (8, 15)):
        return "端午节" if found.month == 5 else "中秋节"
    return "清明节" if (day, "清明") in chinese_calendar.get_solar_terms(day, day) else None


def test_statutory_days_are_those_of_other_packages():
    day = read()[2][1] + datetime.timedelta(days=1)
    wanted = []
    while day.year <= 2040:
        name = holiday(day)
        if name and (day.month, day.day) not in statutory_days.YEARLY:
            wanted.append((day, name))
        day += datetime.timedelta(days=1)
    assert read_statutory() == wanted
    assert len(wanted) > 90
