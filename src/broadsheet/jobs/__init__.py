"""The schedule, the worker, the wake-up call.

Work itself is rows that are due, in the rooms they belong to; a job only says that it may be time to look.
"""
