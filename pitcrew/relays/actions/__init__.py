"""What is done with relays and their legs."""

from pitcrew.relays.actions.ending import skip, stop, withdraw
from pitcrew.relays.actions.handing import hand_over, send_again, start, start_for_problem
from pitcrew.relays.actions.taking import accept, answer, ask_back, decline, done, free, give_to

__all__ = [
    "accept",
    "answer",
    "ask_back",
    "decline",
    "done",
    "free",
    "give_to",
    "hand_over",
    "send_again",
    "skip",
    "start",
    "start_for_problem",
    "stop",
    "withdraw",
]
