"""What is mine: saved, seen and hidden papers, tags, notes, follows. Not built yet."""
