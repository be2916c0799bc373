"""What is done with root causes: found, owned, fixed, watched, answered to all, merged, dropped."""

from pitcrew.problems.actions.answering import answer_all
from pitcrew.problems.actions.finding import describe, drop, find, merge, move, own, write_rule
from pitcrew.problems.actions.fixing import (
    Proof,
    add_evidence,
    claim_fix,
    make_permanent,
    remove_evidence,
    reopen,
    settle_due,
    watch,
    workaround,
)
from pitcrew.problems.actions.linking import (
    dismiss,
    hear,
    link_conversation,
    link_many,
    sight,
    unlink_conversation,
)
from pitcrew.problems.actions.relaying import hand_over, open_follow_ups, promised
from pitcrew.problems.actions.winning import record_early, record_thanks

__all__ = [
    "Proof",
    "add_evidence",
    "answer_all",
    "claim_fix",
    "describe",
    "dismiss",
    "drop",
    "find",
    "hand_over",
    "hear",
    "link_conversation",
    "link_many",
    "make_permanent",
    "merge",
    "move",
    "open_follow_ups",
    "own",
    "promised",
    "record_early",
    "record_thanks",
    "remove_evidence",
    "reopen",
    "settle_due",
    "sight",
    "unlink_conversation",
    "watch",
    "workaround",
    "write_rule",
]
