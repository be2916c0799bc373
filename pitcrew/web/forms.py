"""What people write into the settings: cleaned here, said in sentences where it does not fit."""

import unicodedata
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from pitcrew.channels.email.mailboxes import ADDRESS
from pitcrew.channels.email.models import Mailbox
from pitcrew.conversations.models import CannedReply
from pitcrew.people.models import Department, Role, Staff
from pitcrew.people.refusals import Refused

SECURITY = [("tls", "TLS"), ("starttls", "STARTTLS"), ("none", "None: only within your own house")]
CLASSES = {"select": "select", "textarea": "area", "checkbox": ""}


class Line(forms.CharField):
    """One line of text. What would break a line becomes a space; everything else stays as it was written."""

    def to_python(self, value: Any) -> str:
        text = super().to_python("".join(" " if _breaks(c) else c for c in str(value or "") if c != "\0"))
        return str(text)


def _breaks(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Zl", "Zp")


class Words(forms.CharField):
    """Text of several lines, with line ends as we keep them."""

    def __init__(self, *, rows: int = 4, **options: Any):
        super().__init__(widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), strip=False, **options)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(str(value or "").replace("\0", ""))).replace("\r\n", "\n").replace("\r", "\n")


class Address(Line):
    """An e-mail address."""

    def __init__(self, **options: Any):
        attributes = {"inputmode": "email", "autocomplete": "off", "spellcheck": "false"}
        super().__init__(max_length=254, widget=forms.TextInput(attrs=attributes), **options)

    def clean(self, value: Any) -> str:
        address = super().clean(value)
        if address and not ADDRESS.match(address):
            raise ValidationError(f"{address} is no e-mail address. Write one like ana@company.example.")
        return address


class Host(Line):
    """The name of a server."""

    def clean(self, value: Any) -> str:
        host = super().clean(value)
        if host and not all(c.isalnum() or c in ".-_:[]" for c in host):
            raise ValidationError("That is no name of a server. Write one like imap.company.example.")
        return host


class Form(forms.Form):
    """A form in our looks."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            kind = getattr(field.widget, "input_type", None) or type(field.widget).__name__.lower()
            field.widget.attrs["class"] = CLASSES.get(kind, "input")
            if isinstance(field, Line | Words):
                field.widget.attrs.setdefault("dir", "auto")

    result: Any = None

    def done(self, act: Callable[[], Any]) -> bool:
        """Do it if the form is filled in well, and keep what came of it. A refusal is said above the form."""
        if not self.is_valid():
            return False
        try:
            self.result = act()
        except Refused as refused:
            self.add_error(None, str(refused))
            return False
        return True


def password_field(**options: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label="Password", strip=False, max_length=200, widget=widget, **options)


class FirstRun(Form):
    """Whoever sets Pitcrew up, the first department and perhaps the first mailbox."""

    name = Line(label="Your name", max_length=200)
    email = Address(label="Your e-mail address")
    password = password_field(required=False, help_text="At least 10 characters. Or later: a password or a passkey.")
    department = Line(label="First department", max_length=100, initial="Front desk")
    mailbox = Address(label="Address customers write to", required=False)

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if password:
            validate_password(password, Staff(email=self.data.get("email", ""), name=self.data.get("name", "")))
        return password


class MailboxForm(Form):
    """A mailbox: how its mail comes, and how its answers leave."""

    address = Address(label="Address customers write to")
    name = Line(label="Name shown to customers", max_length=200, required=False)
    department = forms.ModelChoiceField(Department.objects.none(), label="Department that answers", empty_label=None)
    fetch_host = Host(label="IMAP server", max_length=253, required=False)
    fetch_port = forms.IntegerField(label="Port", min_value=1, max_value=65535, initial=993)
    fetch_security = forms.ChoiceField(label="Encryption", choices=SECURITY, initial="tls")
    fetch_user = Line(label="User", max_length=320, required=False)
    fetch_login = forms.ChoiceField(
        label="Signs in with", choices=[("password", "A password"), ("xoauth2", "A token (XOAUTH2)")]
    )
    fetch_secret = password_field(required=False)
    fetch_folder = Line(label="Folder", max_length=200, initial="INBOX")
    send_host = Host(label="SMTP server", max_length=253, required=False)
    send_port = forms.IntegerField(label="Port", min_value=1, max_value=65535, initial=587)
    send_security = forms.ChoiceField(label="Encryption", choices=SECURITY, initial="starttls")
    send_user = Line(label="User", max_length=320, required=False)
    send_secret = password_field(required=False)

    FETCHING = ("fetch_host", "fetch_port", "fetch_security", "fetch_user", "fetch_login", "fetch_secret")
    SENDING = ("send_host", "send_port", "send_security", "send_user", "send_secret")

    def __init__(self, *args: Any, mailbox: Mailbox | None = None, **kwargs: Any):
        if mailbox is not None:
            plain = (*self.base_fields.keys() - {"fetch_secret", "send_secret"},)
            kwargs["initial"] = {name: getattr(mailbox, name) for name in plain}
        super().__init__(*args, **kwargs)
        self.mailbox = mailbox
        self.fields["department"].queryset = Department.objects.order_by("name")  # type: ignore[attr-defined]
        for name in ("fetch_secret", "send_secret"):
            kept = bool(mailbox and getattr(mailbox, name))
            self.fields[name].help_text = "One is kept. Leave this empty to keep it." if kept else ""
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["fetch_secret"].label = "Password or token"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("fetch_host") and not given.get("fetch_user"):
            self.add_error("fetch_user", "The server wants to know who signs in. It is often the address itself.")
        kept = self.mailbox.fetch_secret if self.mailbox else ""
        if given.get("fetch_host") and not (given.get("fetch_secret") or kept):
            self.add_error("fetch_secret", "Without a password the server will not let us in.")
        return given


class DepartmentName(Form):
    name = Line(label="Name", max_length=100)


class Signature(Form):
    signature = Words(label="Signature", required=False, max_length=5_000, rows=5)


class Member(Form):
    """Somebody's place in a department."""

    staff = forms.ModelChoiceField(Staff.objects.none(), label="Colleague", empty_label="Choose somebody")
    role = forms.ChoiceField(label="Role", choices=Role.choices, initial=Role.AGENT)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        active = Staff.objects.filter(deactivated_at=None).order_by("name")
        self.fields["staff"].queryset = active  # type: ignore[attr-defined]


class Colleague(Form):
    """Somebody who works here."""

    name = Line(label="Name", max_length=200)
    email = Address(label="E-mail address")
    is_administrator = forms.BooleanField(
        label="Administrator", required=False, help_text="Sees everything, and may change these settings."
    )

    @classmethod
    def of(cls, staff: Staff, data: Any = None) -> "Colleague":
        told = {name: getattr(staff, name) for name in ("name", "email", "is_administrator")}
        return cls(data, initial=told)


class NewColleague(Colleague):
    department = forms.ModelChoiceField(
        Department.objects.none(), label="Department", required=False, empty_label="None yet"
    )
    role = forms.ChoiceField(label="Role there", choices=Role.choices, initial=Role.AGENT)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.order_by("name")  # type: ignore[attr-defined]


class CannedReplyForm(Form):
    """A text kept for reuse. ``departments`` are those this person may write for."""

    name = Line(label="Name", max_length=100, help_text="How you find it in the composer.")
    department = forms.ModelChoiceField(Department.objects.none(), label="For", required=False)
    text = Words(label="Text", max_length=20_000, rows=9)

    def __init__(self, *args: Any, departments: Any, everywhere: bool, reply: CannedReply | None = None, **kwargs: Any):
        if reply is not None:
            kwargs["initial"] = {"name": reply.name, "department": reply.department_id, "text": reply.text}
        super().__init__(*args, **kwargs)
        field = self.fields["department"]
        field.queryset = departments  # type: ignore[attr-defined]
        field.required = not everywhere
        field.empty_label = "Every department" if everywhere else None  # type: ignore[attr-defined]


class CustomerForm(Form):
    name = Line(label="Name", max_length=200, required=False)
    organization = Line(label="Organization", max_length=200, required=False)
    memo = Words(label="Memo", required=False, max_length=20_000, rows=4, help_text="What everybody should know.")


class CustomerAddress(Form):
    value = Address(label="Another address")


class Recipients(Form):
    to = Line(label="To", max_length=5_000)


class Away(Form):
    """From when until when somebody is away, and who does their work meanwhile."""

    start = forms.DateTimeField(required=False)
    until = forms.DateTimeField(required=False)
    substitute = forms.ModelChoiceField(Staff.objects.filter(deactivated_at=None), required=False)
