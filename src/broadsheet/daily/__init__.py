"""Which papers make a day, a week, a month, a trend: pure ranking with its explanation."""
