"""What is done in conversations: received, answered, handed around, closed, merged."""

from pitcrew.conversations.actions.answering import (
    note,
    reply,
)
from pitcrew.conversations.actions.bulk import (
    assign_many,
    close_many,
    follow_many,
    place_many,
    prioritise_many,
    reopen_many,
    snooze_many,
    tag_many,
    transfer_many,
    unfollow_many,
    untag_many,
)
from pitcrew.conversations.actions.calling import (
    note_call,
    promise_call_back,
    release_call,
)
from pitcrew.conversations.actions.canned import (
    add_canned,
    change_canned,
    remove_canned,
)
from pitcrew.conversations.actions.erasing import (
    forget_customer,
)
from pitcrew.conversations.actions.merging import (
    join,
    link,
    merge,
    merge_many,
    split,
    stand_alone,
    unlink,
)
from pitcrew.conversations.actions.receiving import (
    receive,
)
from pitcrew.conversations.actions.sorting import (
    assign,
    close,
    follow,
    place,
    prioritise,
    rename,
    reopen,
    set_customer,
    snooze,
    tag,
    transfer,
    unfollow,
    untag,
    wait_for_customer,
    wake,
    wake_due,
)

__all__ = [
    "add_canned",
    "assign",
    "assign_many",
    "change_canned",
    "close",
    "close_many",
    "follow",
    "follow_many",
    "forget_customer",
    "join",
    "link",
    "merge",
    "merge_many",
    "note",
    "note_call",
    "place",
    "place_many",
    "prioritise",
    "prioritise_many",
    "promise_call_back",
    "receive",
    "release_call",
    "remove_canned",
    "rename",
    "reopen",
    "reopen_many",
    "reply",
    "set_customer",
    "snooze",
    "snooze_many",
    "split",
    "stand_alone",
    "tag",
    "tag_many",
    "transfer",
    "transfer_many",
    "unfollow",
    "unfollow_many",
    "unlink",
    "untag",
    "untag_many",
    "wait_for_customer",
    "wake",
    "wake_due",
]
