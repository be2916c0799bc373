"""One module a screen; a view finds out who and when, makes one call into a room, and shows the answer."""
