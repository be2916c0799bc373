"""Letters about work: to colleagues and partners who do not live on the desk, and to customers about their progress."""
