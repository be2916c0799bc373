"""The process tree: what it does when a part keeps falling."""

import os
import time
from itertools import pairwise

from pitcrew.cli.tree import Part, Tree

KILLED = 9  # a wait status


def test_a_part_that_lived_is_started_again_at_once():
    tree, part = Tree({}), Part("The screens", lambda: None, started=time.monotonic() - 60, falls=3)
    tree._note_fall(part, KILLED)
    assert part.again_at <= time.monotonic()


def test_a_part_that_keeps_falling_is_started_more_and_more_slowly():
    tree, part = Tree({}), Part("The screens", lambda: None)
    pauses = []
    for _ in range(12):
        part.started = time.monotonic()
        tree._note_fall(part, KILLED)
        pauses.append(part.again_at - time.monotonic())
    assert all(earlier < later + 0.01 for earlier, later in pairwise(pauses))
    assert pauses[0] < 0.3 and 9 < pauses[-1] <= 10


def test_the_tree_says_how_a_part_ended(caplog):
    tree, part = Tree({}), Part("The screens", lambda: None)
    tree._note_fall(part, KILLED)
    tree._note_fall(part, 1 << 8)
    assert [record.getMessage() for record in caplog.records] == [
        "The screens stopped (signal 9). Starting it again.",
        "The screens stopped (exit code 1). Starting it again.",
    ]


def test_a_part_that_ends_and_comes_back_is_another_process():
    tree = Tree({"short": lambda: None})
    part = tree.parts[0]
    first = os.fork()
    if first == 0:
        os._exit(3)
    part.pid, part.started = first, time.monotonic() - 60
    while part.pid == first:
        tree._bury()
    tree._raise_again()
    try:
        assert part.pid not in (0, first)
    finally:
        os.waitpid(part.pid, 0)
