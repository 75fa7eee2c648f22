"""What a person types, read: words to rank by, and conditions that every result must satisfy."""
