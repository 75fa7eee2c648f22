"""Who gets which mail when. Nothing lives here yet."""
