"""The words of a message are kept small and read as they were written."""

from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from pitcrew.conversations import actions
from pitcrew.conversations.deflated import KeptWords, Words
from pitcrew.conversations.models import Message

PAGE = "<p style='margin:0'>" + "Grüße \u202e " * 300 + "</p>"
texts = st.one_of(st.text(), st.builds(lambda text, times: text * times, st.text(), st.integers(0, 5_000)))


@given(texts, texts, texts)
def test_words_are_read_as_they_were_written(text, reply, html):
    kept = KeptWords(Words(text, reply, html).deflated)
    assert (kept.text, kept.reply, kept.html) == (text, reply, html)


def test_half_a_character_is_kept_too():
    assert KeptWords(Words("\ud83d", html="\0").deflated).text == "\ud83d"


def test_a_page_is_read_without_its_text_having_been(cast, at):
    said = actions.reply(cast.conversation, "Hello", html=PAGE, to=["m@customer.test"], by=cast.by, at=at)
    assert Message.objects.get(pk=said.pk).html == PAGE
    assert Message.objects.only("conversation").get(pk=said.pk).text == "Hello"


def test_what_repeats_itself_takes_little_room(cast, at):
    said = actions.reply(cast.conversation, "Grüße " * 300, html=PAGE, to=["m@customer.test"], by=cast.by, at=at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT LENGTH(words) FROM conversations_message WHERE id = %s", [said.pk])
        assert cursor.fetchone()[0] < len(PAGE) / 10
