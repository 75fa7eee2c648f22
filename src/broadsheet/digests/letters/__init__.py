"""What a mail looks like and how its bytes are made: templates, frames that are encoded once, headers."""
