"""People, sign-in, tokens, preferences. Nothing lives here yet: there is nobody to sign in."""
