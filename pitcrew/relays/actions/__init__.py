"""What is done with relays and their legs."""

from pitcrew.relays.actions.ending import skip, stop, withdraw
from pitcrew.relays.actions.handing import hand_over, send_again, start, start_for_problem
from pitcrew.relays.actions.leaving import let_fall_back
from pitcrew.relays.actions.taking import accept, answer, ask_back, decline, done, give_to
from pitcrew.relays.actions.telling import customer_asked_first, follow_up, open_follow_up
from pitcrew.relays.actions.templates import (
    add_template,
    edit_template,
    move_relay,
    newest_edition,
    remove_template,
)
from pitcrew.relays.queries.moving import preview_move

__all__ = [
    "preview_move",
    "add_template",
    "edit_template",
    "move_relay",
    "newest_edition",
    "remove_template",
    "accept",
    "answer",
    "ask_back",
    "customer_asked_first",
    "decline",
    "done",
    "follow_up",
    "give_to",
    "hand_over",
    "let_fall_back",
    "open_follow_up",
    "send_again",
    "skip",
    "start",
    "start_for_problem",
    "stop",
    "withdraw",
]
