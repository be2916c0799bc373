"""HTML mail, safe to show as it was meant to look."""

from pitcrew.kit.mail_html.clean import compose, count_remote_pictures, sanitize
from pitcrew.kit.mail_html.frame import FRAME_CSP, FRAME_CSP_WITH_REMOTE_PICTURES, FRAME_SANDBOX, frame

__all__ = [
    "FRAME_CSP",
    "FRAME_CSP_WITH_REMOTE_PICTURES",
    "FRAME_SANDBOX",
    "compose",
    "count_remote_pictures",
    "frame",
    "sanitize",
]
