"""Where papers come from: one module per source or file format, and the import run with its report."""
