"""Root causes and whom they touched."""
