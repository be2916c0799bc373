"""Mail that did not arrive: told apart from everything else, with the address, the reason and our own id."""

from email import message_from_string
from textwrap import dedent

import pytest

from pitcrew.channels.email.parse.bounces import BounceFinding, bounces, second_opinion
from pitcrew.channels.email.parse.bounces.status import status_of
from pitcrew.channels.email.parse.feedback import feedback, is_feedback

DAEMON = "From: Mail Delivery System <MAILER-DAEMON@mx.host.example>\nTo: desk@shop.example\nReturn-Path: <>\n"


def finding(mail: str) -> BounceFinding:
    message = message_from_string(mail)
    text = message.get_payload() if not message.is_multipart() else message.get_payload(0).get_payload()
    return bounces(message, text if isinstance(text, str) else "", subject=message.get("Subject", ""))


def told(mail: str) -> list[tuple[str, str]]:
    found = finding(mail)
    assert found.is_bounce
    return [(bounce.address, bounce.status) for bounce in found.bounces]


def report(fields: str, returned: str = "", subject: str = "Undelivered Mail Returned to Sender") -> str:
    return (
        f"{DAEMON}Subject: {subject}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\n\nThis is the mail system at host mx.host.example.\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.host.example\n\n"
        f"{dedent(fields).strip()}\n\n"
        f"--b\nContent-Type: message/rfc822\n\n{returned or 'Message-ID: <sent-1@shop.example>'}\n\nHello\n--b--\n"
    )


def notice(words: str, subject: str = "Undeliverable mail", head: str = DAEMON) -> str:
    return f"{head}Subject: {subject}\n\n{dedent(words).strip()}\n"


def person(words: str, subject: str) -> str:
    return notice(words, subject, "From: Ann <ann@client.example>\nTo: desk@shop.example\n")


def test_a_delivery_report_names_the_address_the_status_and_our_message():
    found = finding(
        report(
            """
            Final-Recipient: rfc822; Bob@Client.example
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: smtp; 550 5.1.1 <bob@client.example>:
              Recipient address rejected
            """
        )
    )
    assert found.is_bounce
    assert not found.still_trying
    assert [(b.address, b.status) for b in found.bounces] == [("bob@client.example", "5.1.1")]
    assert found.bounces[0].diagnostic == "550 5.1.1 <bob@client.example>: Recipient address rejected"
    assert found.bounced_ids == ["sent-1@shop.example"]


def test_the_address_we_wrote_to_counts_not_the_one_it_was_forwarded_to():
    fields = """
        Final-Recipient: rfc822; inner@elsewhere.example
        Original-Recipient: rfc822;bob@client.example
        Action: failed
        Status: 5.2.2
        """
    assert told(report(fields)) == [("bob@client.example", "5.2.2")]


def test_of_several_recipients_only_those_that_failed_bounce():
    fields = """
        Final-Recipient: rfc822; reached@client.example
        Action: relayed
        Status: 2.0.0

        Final-Recipient: rfc822; gone@client.example
        Action: failed
        Status: 5.1.1

        Final-Recipient: rfc822; slow@client.example
        Action: delayed
        Status: 4.4.1
        """
    assert told(report(fields)) == [("gone@client.example", "5.1.1"), ("slow@client.example", "4.4.1")]


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_success_is_no_bounce(action):
    fields = f"Final-Recipient: rfc822; bob@client.example\nAction: {action}\nStatus: 2.1.5"
    assert not finding(report(fields, subject="Delivery Status Notification (Success)")).is_bounce


def test_a_warning_of_delay_is_a_bounce_that_is_still_trying():
    fields = "Final-Recipient: rfc822; bob@client.example\nAction: delayed\nStatus: 4.4.1"
    found = finding(report(fields, subject="Delayed Mail (still being retried)"))
    assert found.is_bounce
    assert found.still_trying
    assert found.bounces[0].status == "4.4.1"


def test_a_report_without_empty_lines_between_recipients_still_names_both():
    fields = """
        Final-Recipient: rfc822; one@client.example
        Action: failed
        Status: 5.1.1
        Final-Recipient: rfc822; two@client.example
        Action: failed
        Status: 5.2.2
        """
    assert told(report(fields)) == [("one@client.example", "5.1.1"), ("two@client.example", "5.2.2")]


def test_a_vague_status_is_made_telling_by_what_the_server_said():
    fields = """
        Final-Recipient: rfc822; bob@client.example
        Action: failed
        Status: 5.0.0
        Diagnostic-Code: smtp; 550 5.7.26 this mail is unauthenticated
        """
    assert told(report(fields)) == [("bob@client.example", "5.7.26")]


def test_an_empty_report_leaves_the_word_to_the_notice():
    mail = report("X-Nothing: here").replace(
        "This is the mail system at host mx.host.example.", "<bob@client.example>: 550 5.1.1 no such user"
    )
    assert told(mail) == [("bob@client.example", "5.1.1")]


@pytest.mark.parametrize(
    "words",
    [
        "<bob@client.example>: host mx.client.example[192.0.2.1] said: 550 5.1.1 User unknown (in reply to RCPT TO)",
        "I'm afraid I wasn't able to deliver your message.\n\n<bob@client.example>:\nSorry, no mailbox. (#5.1.1)",
        "The following address(es) failed:\n\n  bob@client.example\n    550 5.1.1 unknown user",
        "   ----- The following addresses had permanent fatal errors -----\n<bob@client.example>\n"
        "    (reason: 550 5.1.1 User unknown)",
        "did not reach the following recipient(s):\n\nbob@client.example on Mon, 4 May 2026 10:00:00 +0200\n    #5.1.1",
        "Delivery has failed to these recipients:\n * [bob@client.example]: 550 5.1.1 no such mailbox",
        "We could not send your mail.\n>>> RCPT TO:<bob@client.example>\n<<< 550 5.1.1 <bob@client.example>... gone",
        "Failed recipient(s):\nbob@client.example\nError message:\n550 5.1.1 - no such user here",
        "Delivery failed 20 attempts: bob@client.example\n550 5.1.1 unknown user",
    ],
    ids=["postfix", "qmail", "exim", "sendmail", "exchange", "list", "transcript", "james", "attempts"],
)
def test_a_notice_in_plain_words_names_address_and_status(words):
    assert told(notice(words)) == [("bob@client.example", "5.1.1")]


def test_the_header_of_failed_recipients_is_believed_before_the_words():
    head = DAEMON + "X-Failed-Recipients: one@client.example,\n  two@client.example\n"
    words = """
        The following address(es) failed:
          one@client.example
            mailbox is full
          two@client.example
            550 Unknown user
        """
    assert told(notice(words, head=head)) == [("one@client.example", "5.2.2"), ("two@client.example", "5.1.1")]


def test_the_returned_mail_is_not_searched_for_recipients_but_for_its_id():
    found = finding(
        notice(
            """
            <bob@client.example>:
            Remote host said: 550 5.1.1 no such user

            --- Below this line is a copy of the message.

            Return-Path: <desk@shop.example>
            Message-ID: <sent-7@shop.example>
            To: bob@client.example

            <other@client.example>: 550 5.1.1 quoted by the writer
            """,
            "failure notice",
        )
    )
    assert [b.address for b in found.bounces] == ["bob@client.example"]
    assert found.bounced_ids == ["sent-7@shop.example"]


def test_our_own_address_and_the_postmaster_are_not_what_bounced():
    words = """
        Your message to bob@client.example could not be delivered.
        For further assistance, please contact <postmaster@mx.host.example>.
        Mail from desk@shop.example was refused: 554 5.7.1
        """
    assert told(notice(words)) == [("bob@client.example", "5.7.1")]


def test_a_text_warning_says_that_the_server_is_still_trying():
    words = """
        Your message to:
            bob@client.example
        has not yet been delivered. This is just a warning, delivery attempts will continue for 4 days.
        """
    found = finding(notice(words, "Warning: message delayed 24 hours"))
    assert found.still_trying
    assert [(b.address, b.status[0]) for b in found.bounces] == [("bob@client.example", "4")]


def test_a_server_that_gave_up_after_temporary_errors_is_not_still_trying():
    words = "<bob@client.example>:\nNo connection. (#4.4.1)\nI'm not going to try again; this is a permanent error."
    found = finding(notice(words, "failure notice"))
    assert not found.still_trying
    assert found.bounces[0].status == "4.4.1"


def test_a_server_that_refuses_by_disposition_report_is_a_bounce():
    mail = (
        "From: Mail Delivery Subsystem <postmaster@host.example>\nTo: desk@shop.example\nSubject: Rejected mail\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\n\n'
        "--b\n\nYour message to <bob@client.example> was rejected: quota exceeded\n"
        "--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; bob@client.example\n"
        "Disposition: automatic-action/MDN-sent-automatically; deleted\n--b--\n"
    )
    assert told(mail) == [("bob@client.example", "5.2.2")]


@pytest.mark.parametrize(
    ("words", "subject"),
    [
        ("Where is my parcel? The courier could not deliver it to 12 Oak Road. ann@client.example", "Delivery failed"),
        ("Hi, my mail to you was returned: <desk@shop.example>: 550 5.1.1 unknown. Help?", "Undeliverable mail"),
        ("I got this back:\nFinal-Recipient: rfc822; bob@client.example\nAction: failed", "Mail delivery failed"),
        ("Please look at the bounce below.\n> <desk@shop.example>: 550 5.1.1 unknown", "Fwd: Returned mail"),
        ("Your message was great, thanks! It failed to reach my boss only.", "Re: failure notice"),
    ],
    ids=["parcel", "complaint", "pasted", "forwarded", "answer"],
)
def test_a_person_who_writes_about_a_failure_is_no_bounce(words, subject):
    assert not finding(person(words, subject)).is_bounce


def test_a_forwarded_bounce_that_encloses_the_report_is_what_a_person_wrote():
    mail = report("Final-Recipient: rfc822; bob@client.example\nAction: failed\nStatus: 5.1.1")
    mail = mail.replace(DAEMON, "From: Ann <ann@client.example>\nTo: desk@shop.example\n")
    mail = mail.replace("multipart/report; report-type=delivery-status", "multipart/mixed")
    assert told(mail) == [("bob@client.example", "5.1.1")]
    assert not finding(mail.replace("Subject: ", "Subject: Fwd: ", 1)).is_bounce


def test_an_absence_note_with_a_null_return_path_is_no_bounce():
    head = "From: Ann <ann@client.example>\nTo: desk@shop.example\nReturn-Path: <>\nAuto-Submitted: auto-replied\n"
    words = "I am away. Your message has not been sent to anyone else; write to bob@client.example."
    assert not finding(notice(words, "Automatic reply: Invoice", head)).is_bounce


def test_a_postmaster_who_is_a_person_is_heard():
    head = "From: Postmaster <postmaster@client.example>\nTo: desk@shop.example\n"
    assert not finding(notice("Which addresses do you send from? Greetings, Ann", "Your SPF record", head)).is_bounce


@pytest.mark.parametrize(
    ("sender", "subject", "words"),
    [
        ("Postmaster <postmaster@client.example>", "Your mails", "They are rejected here. Ask admin@client.example."),
        ("Ann Bounce <ann.bounce@client.example>", "Card", "My card was rejected. ann.bounce@client.example"),
        ("Ann <ann@client.example>", "Error sending invoice", "It says 550 5.1.1 user unknown for bob@client.example."),
    ],
)
def test_a_sender_with_a_telling_name_needs_telling_words(sender, subject, words):
    assert not finding(notice(words, subject, f"From: {sender}\nTo: desk@shop.example\n")).is_bounce


def test_a_success_in_plain_words_is_no_bounce():
    words = "Your message has been successfully delivered to the following recipients: bob@client.example"
    assert not finding(notice(words, "Delivery report")).is_bounce


def test_a_program_a_mail_was_piped_to_is_not_the_address():
    fields = "Final-Recipient: rfc822;|/usr/bin/sort bob@client.example\nAction: failed\nStatus: 5.3.0"
    mail = report(fields).replace("Subject:", "X-Failed-Recipients: bob@client.example\nSubject:", 1)
    assert told(mail) == [("bob@client.example", "5.3.0")]


def test_the_refusal_of_the_other_server_outranks_a_milder_code():
    fields = """
        Final-Recipient: rfc822; bob@client.example
        Action: failed
        Status: 4.5.0
        Diagnostic-Code: smtp; 550 5.5.0 Service refused
        """
    assert told(report(fields)) == [("bob@client.example", "5.5.0")]


def test_a_sending_service_that_reports_in_json_is_understood():
    head = "From: no-reply@sns.example\nTo: desk@shop.example\n"
    words = (
        '{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":'
        '"bob@client.example","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 unknown"}]}}'
    )
    assert told(notice(words, "AWS Notification Message", head)) == [("bob@client.example", "5.1.1")]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("550 5.7.509 Access denied", "5.7.509"),
        ("550: User unknown", "5.1.1"),
        ("said: 452 mailbox full", "4.2.2"),
        ("the server 192.5.5.5 said no", "5.0.0"),
        ("No MX record found for the domain", "5.1.2"),
        ("554 4.4.7 Message expired <421 4.4.2 Connection timed out>", "4.4.2"),
        ("552 Message size exceeds fixed limit", "5.3.4"),
    ],
)
def test_the_status_is_the_named_code_or_follows_from_reply_and_words(said, status):
    assert status_of(said, whole=said) == status


def test_the_second_opinion_never_breaks_the_reading(monkeypatch):
    def fails(message):
        raise UnicodeDecodeError("ascii", b"\xff", 0, 1, "broken")

    monkeypatch.setattr(second_opinion, "all_failures", fails)
    assert told(notice("Sorry.")) == [("", "5.0.0")]


def test_the_second_opinion_is_not_asked_about_large_mail(monkeypatch):
    monkeypatch.setattr(second_opinion, "all_failures", lambda message: pytest.fail("asked"))
    assert told(notice("Sorry. " * 50_000)) == [("", "5.0.0")]


def test_a_hostile_notice_yields_at_most_two_hundred_addresses():
    words = "\n".join(f"<a{n}@client.example>: 550 5.1.1 unknown" for n in range(5_000))
    assert len(finding(notice(words)).bounces) == 200


def test_a_complaint_report_tells_who_complained_about_which_message():
    mail = (
        "From: abuse@provider.example\nTo: desk@shop.example\nSubject: Complaint\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n'
        "--b\n\nThis is an abuse report.\n"
        "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n"
        "Original-Rcpt-To: <Bob@client.example>\n\n"
        "--b\nContent-Type: message/rfc822\n\nMessage-ID: <sent-3@shop.example>\nTo: bob@client.example\n\nHi\n--b--\n"
    )
    message = message_from_string(mail)
    assert is_feedback(message)
    complaint = feedback(message)
    assert complaint is not None
    assert (complaint.kind, complaint.recipients) == ("abuse", ["bob@client.example"])
    assert complaint.ids == ["sent-3@shop.example"]
    assert not finding(mail).is_bounce


def test_ordinary_mail_is_no_complaint_report():
    message = message_from_string("From: ann@client.example\nSubject: complaint about message from you\n\nHi\n")
    assert not is_feedback(message)
    assert feedback(message) is None
