"""Search over all history: one seam, SQLite FTS5 or PostgreSQL behind it."""

from pitcrew.conversations.search.finding import Found, Hit, find
from pitcrew.conversations.search.indexing import forget, remember
from pitcrew.conversations.search.query import Query, understand

__all__ = ["Found", "Hit", "Query", "find", "forget", "remember", "understand"]
