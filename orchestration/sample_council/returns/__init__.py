"""Sample Borough's extracts written as other formats that councils hold, with the real names and
codes of each: what a council would send that has no more than this return."""
