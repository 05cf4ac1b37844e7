#!/usr/bin/env bash
# workalendar 17.0.0: a report is as many working days late as it is early, and 8 May 2023 is worked.
#
# Services for children are timed in working days: a conference within 15 of an enquiry, reports shared
# 2 before it. `get_working_days_delta(start, end)` puts its two days in order first, so what came before
# its due day and what came as long after it give the same number, never one below nought; from a Saturday
# to the Monday is 1, from the Friday to the Saturday 0. Of the bank holidays that GOV.UK lists for
# England from 2012 to 2028 its calendar of the United Kingdom lacks one, the coronation's: every clock
# that ran over it has a day too many.
#
# Seen: 1 from Friday to Monday and 1 from Monday to Friday; of the 140 bank holidays only 2023-05-08 lacks
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check workalendar==17.0.0 \
  govuk-bank-holidays==0.19
"$folder/venv/bin/python" - <<'PY'
from datetime import date

from govuk_bank_holidays.bank_holidays import BankHolidays
from workalendar.europe import UnitedKingdom

calendar = UnitedKingdom()
friday, monday = date(2026, 3, 6), date(2026, 3, 9)
ahead = calendar.get_working_days_delta(friday, monday)
back = calendar.get_working_days_delta(monday, friday)
print(f"Friday to Monday {ahead}, Monday to Friday {back}")
assert (ahead, back) == (1, 1)
saturday = date(2026, 3, 7)
assert calendar.get_working_days_delta(saturday, monday) == 1
assert calendar.get_working_days_delta(friday, saturday) == 0

official = {
    each["date"]
    for each in BankHolidays(use_cached_holidays=True).get_holidays(division="england-and-wales")
}
years = range(2012, 2029)
assert {day.year for day in official} == {*years} and len(official) == 140
known = {day for year in years for day, _ in calendar.holidays(year)}
lacking = sorted(official - known)
print("bank holidays that are working days:", *lacking)
assert lacking == [date(2023, 5, 8)] and calendar.is_working_day(lacking[0])
# it has that of 2022 for a funeral, which was called as late
assert date(2022, 9, 19) in known
PY
