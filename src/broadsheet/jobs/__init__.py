"""The schedule, the worker, the wake-up call."""
