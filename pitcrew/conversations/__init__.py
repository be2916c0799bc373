"""A customer and the company about one matter, until it is done; and finding it again."""
