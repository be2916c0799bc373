"""HTML is kept small and read as it was."""

from django.db import connection

from pitcrew.conversations import actions
from pitcrew.conversations.models import Message

PAGE = "<p style='margin:0'>" + "Grüße \u202e " * 300 + "</p>"


def test_html_is_read_as_it_was_written(cast, at):
    said = actions.reply(cast.conversation, "Hello", html=PAGE, to=["m@customer.test"], by=cast.by, at=at)
    assert Message.objects.get(pk=said.pk).html == PAGE
    assert Message.objects.filter(pk=said.pk).values_list("html", flat=True)[0] == PAGE


def test_sqlite_keeps_html_deflated_and_reads_what_was_kept_before(cast, at):
    said = actions.reply(cast.conversation, "Hello", html=PAGE, to=["m@customer.test"], by=cast.by, at=at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT LENGTH(html) FROM conversations_message WHERE id = %s", [said.pk])
        if connection.vendor == "sqlite":
            assert cursor.fetchone()[0] < len(PAGE) / 10
        cursor.execute("UPDATE conversations_message SET html = %s WHERE id = %s", [PAGE, said.pk])
    assert Message.objects.get(pk=said.pk).html == PAGE
