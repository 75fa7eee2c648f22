"""SQLite as Django speaks with it, for a file that others may empty or cut short; named by the settings."""
