"""Which partitions are current, which are not and why, and the plan and cost of bringing them up to date.

Everything here is read from declarations and the store alone.
"""
