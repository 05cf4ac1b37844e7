"""Many councils in one installation: who is in the pool, what lies in the drop folder for each, and
the whole job of each in folders of its own. What adds them up and compares them is in `region`."""
