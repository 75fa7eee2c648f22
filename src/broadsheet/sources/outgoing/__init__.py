"""What leaves the catalogue: exports, public dumps, and what a mirror is sent."""
