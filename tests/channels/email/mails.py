"""Mails as they come, for the tests of the e-mail channel."""


def mail(
    text: str = "My parcel has not arrived.",
    *,
    sender: str = "Lena Vogt <lena@customer.test>",
    to: str = "support@company.test",
    subject: str = "Where is my parcel?",
    mail_id: str = "first@customer.test",
    **headers: str,
) -> bytes:
    """A plain mail. More headers by keyword: `in_reply_to="<id>"`."""
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}"]
    if mail_id:
        lines.append(f"Message-ID: <{mail_id}>")
    lines += [f"{name.replace('_', '-').title()}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", text, ""]).encode()
