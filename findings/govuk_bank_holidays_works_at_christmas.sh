#!/usr/bin/env bash
# govuk-bank-holidays 0.19: after the last year that it knows, Christmas Day is a working day.
#
# It asks GOV.UK for the bank holidays, or takes those that it brings, which end in 2028. Beyond them every
# day from Monday to Friday is worked: nothing is raised or logged, and the next working day after
# 24 December 2029 is the 25th. The next bank holiday, when it knows none, is None. Due days that lie a
# year or two ahead, as of a plan's review, come out too early, where an older release is installed or
# the server has no way out today.
#
# Seen: 25 December 2028 is none, of 2029 it is a working day, as is 1 January 2010
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check govuk-bank-holidays==0.19
"$folder/venv/bin/python" -W error - <<'PY'
from datetime import date

from govuk_bank_holidays.bank_holidays import BankHolidays

known = BankHolidays(use_cached_holidays=True)
england = BankHolidays.ENGLAND_AND_WALES
years = [each["date"].year for each in known.get_holidays(division=england)]
assert (min(years), max(years)) == (2012, 2028)
assert not known.is_work_day(date(2028, 12, 25), division=england)
christmas = date(2029, 12, 25)
print("25 December 2029 is a working day:", known.is_work_day(christmas, division=england))
assert known.is_work_day(christmas, division=england)
assert known.get_next_work_day(division=england, date=date(2029, 12, 24)) == christmas
assert known.get_next_holiday(division=england, date=date(2029, 1, 1)) is None
# nor does it know a bank holiday of before its first year
assert known.is_work_day(date(2010, 1, 1), division=england)
PY
