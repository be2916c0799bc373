"""Root causes: who owns them, whom they touched, the fix with its evidence, the watch until it is permanent."""
