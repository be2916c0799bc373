"""Put the evidence together: delivery report first, then the words, then a second opinion."""

from dataclasses import dataclass, field
from email.message import Message

from pitcrew.channels.email.parse.bounces import notification, report, second_opinion, suspects, wording
from pitcrew.channels.email.parse.bounces.leaves import Leaves, leaves
from pitcrew.channels.email.parse.bounces.notice import MAX_RECIPIENTS, Notice, recipients
from pitcrew.channels.email.parse.bounces.original import returned_ids
from pitcrew.channels.email.parse.bounces.status import status_of
from pitcrew.channels.email.parse.inbound import Bounce


@dataclass(slots=True)
class BounceFinding:
    """Whether a mail says that another did not arrive, for whom, and which mail that was.

    `still_trying` is true when the sending server only warns of a delay and has not given up.
    `bounced_ids` are Message-IDs found in the returned original, without angle brackets.
    """

    is_bounce: bool = False
    bounces: list[Bounce] = field(default_factory=list)
    bounced_ids: list[str] = field(default_factory=list)
    still_trying: bool = False


def bounces(message: Message, text: str, *, subject: str = "") -> BounceFinding:
    """Tell whether this mail reports that another mail was not delivered, and to whom.

    Args: the parsed mail (compat32 policy), its decoded plain text (or the text of its HTML part),
    its decoded subject. Never raises; ordinary mail costs one look at the headers.
    Sources: RFC 3464 (delivery reports), RFC 3463 (status codes), RFC 5321 s. 6.1 (null return path),
    and the wording of common mail servers where they send no report.
    """
    marks = suspects.marks(message, subject)
    if not marks.suspect:
        return _from_service(text)
    mail = leaves(message)
    notice = Notice.of(text, mail)
    # A person who tells of a bounce quotes it: their words are no report.
    quoted = marks.subject_only and not wording.speaks_as_server(notice.text)
    groups = report.recipient_groups(mail, "" if quoted else notice.text)
    found = report.failures(groups, notice.text)
    if not any(bounce.address for bounce in found):
        if not found and (report.all_delivered(groups) or quoted or not _convincing(message, marks, notice, mail)):
            return BounceFinding()
        reported = found[0].status if found else ""
        found = _from_words(message, marks, notice, mail)
        for bounce in found:
            bounce.status = reported or bounce.status
    return BounceFinding(
        is_bounce=True,
        bounces=found[:MAX_RECIPIENTS],
        bounced_ids=returned_ids(mail, notice),
        still_trying=report.all_delayed(groups) if groups else wording.is_still_trying(subject, notice.text),
    )


def _from_service(text: str) -> BounceFinding:
    found = notification.failures(text)
    return BounceFinding(is_bounce=found is not None, bounces=(found or [])[:MAX_RECIPIENTS])


def _convincing(message: Message, marks: suspects.Marks, notice: Notice, mail: Leaves) -> bool:
    """One sign alone is not enough: a postmaster is a person too, and customers write about deliveries."""
    if marks.failed_recipients or mail.rejections:
        return True
    if marks.is_answer:
        return (marks.from_daemon or marks.from_office) and wording.names_a_reply(notice.unquoted())
    if wording.tells_of_success(notice.text):
        return False
    if marks.subject_fails and marks.from_server:
        return True
    if marks.from_daemon:
        return _told_by_daemon(message, notice, mail)
    if wording.names_a_reply(notice.text):
        return True
    returned = bool(mail.originals) or (marks.from_office and notice.begins_with_address())
    return (returned or not marks.from_server) and wording.tells_of_mail(notice.text)


def _told_by_daemon(message: Message, notice: Notice, mail: Leaves) -> bool:
    if wording.tells_of_failure(notice.text):
        return "@" in notice.text or bool(mail.originals)
    return bool(second_opinion.addresses(message))


def _from_words(message: Message, marks: suspects.Marks, notice: Notice, mail: Leaves) -> list[Bounce]:
    ours = marks.own_addresses
    named = recipients(notice, named=marks.failed_recipients, ours=ours)
    named = named or [(address, notice.text) for address in second_opinion.addresses(message)]
    if not named:
        # A gateway that passes a bounce on as plain text leaves the report in the returned part.
        reported = report.failures(report.recipient_groups(Leaves(), notice.rest), "")
        if reported:
            return reported
        named = notice.any_address(ours=ours) or mail.original_recipients() or [("", notice.text)]
    trying = wording.is_still_trying(marks.subject, notice.text)
    return [
        Bounce(address, status_of(said, whole=notice.text, delayed=trying), " ".join(said.split())[:500])
        for address, said in named
    ]
