"""Which figures miss their agreed target, said once: states, digest, outbox, channel, drain.

Pure Python: no dagster, no dbt. `evaluate` reads the mart, `outbox` remembers what was said,
`drain` hands what is waiting to a channel.
"""
