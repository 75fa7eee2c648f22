"""Finding papers: words and meaning, fused; the index that follows the catalogue."""
