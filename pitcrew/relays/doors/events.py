from pitcrew.history.kinds import define

DOOR_OPENED = define("door.opened", "{actor} made a link to this part of the work for {address}")
DOOR_USED = define("door.used", "{actor} used the link", is_work=False)
DOOR_REVOKED = define("door.revoked", "{actor} took a link back")
PROGRESS_WISHED = define("progress.wished", "{actor} said whether to get mail about the progress")
PROGRESS_WITHDRAWN = define("progress.withdrawn", "{actor} withdrew the progress page")
