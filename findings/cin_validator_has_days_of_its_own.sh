#!/usr/bin/env bash
# csc-validator-be-cin 0.1.13: no target is on a weekend, and the year's first day lies before the year.
#
# It checks the census of children in need. Rule 8870Q asks why the target for a first conference is a
# Saturday or Sunday; it reads the census's 2025-06-21 as day, month, year, which gives no date, and so
# asks about none. Rule 8569Q asks why a referral from before the last working day of the old year needed
# no further action; its one working day is none, moved to a working day where 1 April is not one. It
# asks about the last working day itself, and, in the years from Saturday 1 April 2023 and from Easter
# Monday 2024, about referrals of the first day. A council looks for a fault in a return that has none.
#
# Seen: nothing for a Saturday; 8569Q on 31 March 2025, 1 April 2023 and 2024, not the next working day
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check csc-validator-be-cin==0.1.13 \
  pandas==1.5.3 numpy==1.26.4 python-dateutil==2.9.0.post0
"$folder/venv/bin/python" -W ignore - <<'PY'
import xml.etree.ElementTree as ET
from datetime import date

from cin_validator.cin_validator import CinValidator, convert_data, process_data
from cin_validator.rules.ruleset_utils import get_year_ruleset


def asks(rule: str, year: int, referral: str, more: str) -> bool:
    """Whether the rule asks about the one child of the census that ends on 31 March of the year."""
    census = f"""
    <Message>
      <Header>
        <CollectionDetails>
          <Collection>CIN</Collection><Year>{year}</Year><ReferenceDate>{year}-03-31</ReferenceDate>
        </CollectionDetails>
        <Source>
          <SourceLevel>L</SourceLevel><LEA>201</LEA><SoftwareCode>1</SoftwareCode><Release>1</Release>
          <SerialNo>1</SerialNo><DateTime>{year}-05-01T10:00:00</DateTime>
        </Source>
      </Header>
      <Children><Child>
        <ChildIdentifiers>
          <LAchildID>1</LAchildID><PersonBirthDate>2015-02-01</PersonBirthDate><Sex>M</Sex>
        </ChildIdentifiers>
        <ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics>
        <CINdetails>
          <CINreferralDate>{referral}</CINreferralDate><ReferralSource>1A</ReferralSource>{more}
        </CINdetails>
      </Child></Children>
    </Message>"""
    tables = process_data(convert_data(ET.fromstring(census)))
    checked = CinValidator(tables, get_year_ruleset(str(year)), [rule])
    found = checked.full_issue_df["rule_code"].tolist()
    assert (found == [rule]) != (checked.rules_passed == [rule])
    return found == [rule]


saturday = date(2025, 6, 21)
assert saturday.weekday() == 5
enquiry = f"""<PrimaryNeedCode>N1</PrimaryNeedCode><ReferralNFA>false</ReferralNFA>
<Section47>
  <S47ActualStartDate>2025-06-02</S47ActualStartDate><InitialCPCtarget>{saturday}</InitialCPCtarget>
  <DateOfInitialCPC>2025-06-20</DateOfInitialCPC><ICPCnotRequired>false</ICPCnotRequired>
</Section47>"""
weekend = asks("8870Q", 2026, "2025-06-02", enquiry)
print("asks about a target on a Saturday:", weekend)
assert not weekend

no_action = "<ReferralNFA>true</ReferralNFA>"
days = [(2026, "2025-03-31"), (2024, "2023-04-01"), (2025, "2024-04-01")]
after = [(2026, "2025-04-01"), (2024, "2023-04-03"), (2025, "2024-04-02")]
told = {day: asks("8569Q", year, day, no_action) for year, day in [*days, *after]}
print("asks about a referral with no further action of:", told)
assert told == {day: (year, day) in days for year, day in [*days, *after]}
PY
