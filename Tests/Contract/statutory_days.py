"""The `statutory` lines of Services/Policy/calendar.tsv: the days that are off by law alone, for years
whose arrangement is not published.

  .anju/venv/bin/python Tests/Contract/statutory_days.py 2027 2040

Law: 全国年节及纪念日放假办法 (2024-11-10): 春节 is New Year's Eve to the third day of the first month,
端午节 the fifth of the fifth, 中秋节 the fifteenth of the eighth month of the lunar year, 清明节 the solar
term. The days of the solar year (元旦, 劳动节, 国庆节) are the file's `yearly` lines, and what falls on one of
them is left out. Lunar days and the solar term are those of PyPI's borax; test_calendar.py holds the
file against two other packages.
"""

import datetime
import sys

from borax.calendars.lunardate import LunarDate, TermUtils


# The file's `yearly` lines: month and day.
YEARLY = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}


def statutory(year: int) -> list[tuple[datetime.date, str]]:
    """A year's days and their holidays, in order."""
    new_year = LunarDate(year, 1, 1).to_solar_date()
    days = [(new_year + datetime.timedelta(days=n), "春节") for n in range(-1, 3)]
    days.append((TermUtils.nth_term_day(year, 6), "清明节"))
    days.append((LunarDate(year, 5, 5).to_solar_date(), "端午节"))
    days.append((LunarDate(year, 8, 15).to_solar_date(), "中秋节"))
    return sorted(found for found in days if (found[0].month, found[0].day) not in YEARLY)


def main() -> None:
    first, last = (int(year) for year in sys.argv[1:3])
    for year in range(first, last + 1):
        for day, holiday in statutory(year):
            print(f"{day.isoformat()}\tstatutory\t{holiday}")


if __name__ == "__main__":
    main()
