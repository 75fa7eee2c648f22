"""Where papers come from: files and live sources, and the runs that bring them into the catalogue."""
