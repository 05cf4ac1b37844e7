"""Deliveries: how what arrives is checked, taken in or refused, and what is kept of it.

`check_in.check_in_deliveries` is the way in; `messages.CODES` says what can go wrong, and the rooms
inside are the stations of a file: `sources`, for a return `readers` and `conversion`, then `gate`,
`rows`, `ledger`, `keeping`. What may arrive is in `contract`. Pure.
"""
