"""The log: every act of every actor, what it changed, and how to take it back."""
