"""Files of other formats that councils hold already, each read into extracts of the contract.

A module for a format: what of it stands in which column, and nothing else. What comes out goes
through the same gate, rules, receipts and pseudonyms as an extract that was delivered as such.
"""
