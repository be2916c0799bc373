"""What answers in plain words mean. Where the first words do not say it, nothing is guessed."""

import pytest

from pitcrew.relays.doors.answers import Said, understood, with_fields


@pytest.mark.parametrize(
    ("text", "verb", "words"),
    [
        ("take", "take", ""),
        ("Take.", "take", ""),
        ("TAKE IT", "take", ""),
        ("I take it", "take", ""),
        ("I'll take it.", "take", ""),
        ("I\u2019ll take this, thanks", "take", "thanks"),
        ("Ok, I take it.\n\nDee", "take", "Dee"),
        ("Hi Ana,\n\nwe will take care of it.\nDee", "take", "Dee"),
        ("Accepted", "take", ""),
        ("question: which floor?", "ask", "which floor?"),
        ("Question - which floor?", "ask", "which floor?"),
        ("I have a question: which floor?", "ask", "which floor?"),
        ("no: because we only print", "decline", "we only print"),
        ("No, because we only print", "decline", "we only print"),
        ("No: wrong department", "decline", "wrong department"),
        ("Not for us: try Accounting", "decline", "try Accounting"),
        ("done", "done", ""),
        ("Done: sent on Monday", "done", "sent on Monday"),
        ("It's done. Sent on Monday", "done", "Sent on Monday"),
        ("Done!\nSent on Monday", "done", "Sent on Monday"),
        ("*Done*: sent", "done", "sent"),
        ("Delivered, at the door", "done", "at the door"),
    ],
)
def test_plain_words_are_understood(text, verb, words):
    said = understood(text)
    assert (said.verb, said.words.lstrip("*: ")) == (verb, words)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello",
        "Take it back, this is not ours",
        "I take it you mean the other Martin?",
        "Take it?",
        "Done?",
        "Not done yet",
        "done with this nonsense",
        "No",
        "No problem, we look into it",
        "No, thanks",
        "question:",
        "Questionable request",
        "I am out of the office until Monday. Take care.",
        "Nothing is done here",
        "\0\0",
        "x" * 1_000_000,
    ],
)
def test_what_is_not_clear_is_not_guessed(text):
    assert understood(text).verb == ""


ASKS = [
    {"key": "signed", "label": "Signed by", "kind": "text", "needed": True},
    {"key": "floor", "label": "Floor", "kind": "text"},
]


def test_lines_fill_in_what_the_step_asks():
    said = with_fields(Said("done", "Signed by: M. Haas\n- floor : third\nAll well"), ASKS)
    assert said == Said("done", "All well", {"signed": "M. Haas", "floor": "third"})


def test_the_one_thing_that_is_needed_needs_no_label():
    assert with_fields(Said("done", "M. Haas"), ASKS).outcome == {"signed": "M. Haas"}
    assert with_fields(Said("done", ""), ASKS).outcome == {}
    assert with_fields(Said("take", "Signed by: x"), ASKS).outcome == {}
