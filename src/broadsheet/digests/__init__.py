"""Who gets which mail when: subscriptions, windows, composing and sending, by mail and by other channels."""
