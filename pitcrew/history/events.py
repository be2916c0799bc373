from pitcrew.history.kinds import define

UNDONE = define("history.undone", "{actor} took it back")
