"""The SMTP listener: what it takes, what it refuses, and that 250 means safe."""

import datetime
import smtplib
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import OperationalError

from pitcrew.channels.email import arriving, listener
from pitcrew.channels.email.mailboxes import name_mailbox
from pitcrew.channels.email.models import Arrival
from pitcrew.channels.email.quarantine import raw
from pitcrew.history.actors import pitcrew
from pitcrew.people.actions import open_department
from tests.channels.email.mails import mail

pytestmark = pytest.mark.django_db(transaction=True)
SETUP = pitcrew("setup")


@pytest.fixture
def listening():
    """Start the listener on a free port; gives the port."""
    stop, threads = threading.Event(), []

    def start() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        ready = threading.Event()
        thread = threading.Thread(
            target=listener.serve, args=["127.0.0.1", port], kwargs={"stop": stop, "ready": ready}
        )
        thread.start()
        threads.append(thread)
        assert ready.wait(20)
        return port

    yield start
    stop.set()
    for thread in threads:
        thread.join(20)


@pytest.fixture
def support(at):
    department = open_department("Support", by=SETUP, at=at)
    return name_mailbox("support@company.test", department, by=SETUP, at=at)


def send(port: int, content: bytes, to: str = "support@company.test") -> tuple[int, bytes]:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as smtp:
        smtp.ehlo("mx.customer.test")
        smtp.mail("lena@customer.test")
        code, words = smtp.rcpt(to)
        return smtp.data(content) if code == 250 else (code, words)


def begin(smtp: smtplib.SMTP) -> None:
    """Up to the point where the mail itself is sent, byte by byte as the test wants it."""
    smtp.ehlo("mx.customer.test")
    smtp.mail("lena@customer.test")
    smtp.rcpt("support@company.test")
    smtp.putcmd("data")
    assert smtp.getreply()[0] == 354


def test_a_mail_is_kept_as_it_came_before_250(listening):
    content = mail(".a line with a dot\r\n..two\r\n")
    assert send(listening(), content)[0] == 250
    arrival = Arrival.objects.get()
    assert raw(arrival) == content
    assert (arrival.envelope_from, arrival.envelope_to) == ("lena@customer.test", ["support@company.test"])


def test_the_same_mail_twice_is_acknowledged_and_held_once(listening):
    port = listening()
    assert [send(port, mail())[0] for _ in range(2)] == [250, 250]
    assert Arrival.objects.count() == 1


def test_only_addresses_we_serve_are_taken(listening, support):
    port = listening()
    assert send(port, mail(), to="somebody@elsewhere.test")[0] == 550
    assert send(port, mail(), to="Support@Company.test")[0] == 250
    assert send(port, mail("Two"), to="support+detail@company.test")[0] == 250
    assert send(port, mail("Three"), to="reply+1-aaaaaaaaaaaaaaaaaaaa@company.test")[0] == 250
    assert set(Arrival.objects.values_list("mailbox", flat=True)) == {"support@company.test"}


def test_until_a_mailbox_is_named_only_this_machine_is_served(listening, monkeypatch):
    port = listening()
    assert send(port, mail(), to="anybody@anywhere.test")[0] == 250
    monkeypatch.setattr(listener, "_is_loopback", lambda peer: False)
    assert send(port, mail("Two"), to="anybody@anywhere.test")[0] == 451


FALSE_ENDS = [b"\r\r\n.\r\r\n", b"\r.\r", b"\r.\r\n", b"\n.\n", b"\n.\r\n"]


@pytest.mark.parametrize("ending", FALSE_ENDS)
def test_nothing_is_smuggled_behind_a_false_end(listening, ending):
    smuggled = b"MAIL FROM:<admin@company.test>\r\nRCPT TO:<support@company.test>\r\nDATA\r\n" + mail("smuggled")
    content = mail("before") + ending + smuggled
    with smtplib.SMTP("127.0.0.1", listening(), timeout=20) as smtp:
        begin(smtp)
        smtp.send(content + b".\r\n")
        assert smtp.getreply()[0] == 250
        assert smtp.noop()[0] == 250
    assert raw(Arrival.objects.get()).endswith(smuggled)


def test_an_empty_mail_and_one_of_a_single_line_end_where_they_end(listening):
    port = listening()
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as smtp:
        for content in (b".\r\n", b"\r\n.\r\n", b"x\r\n.\r\n"):
            begin(smtp)
            smtp.send(content)
            assert smtp.getreply()[0] == 250
    assert {raw(a) for a in Arrival.objects.all()} == {b"", b"x\r\n"}


def test_a_mail_that_says_it_is_too_large_is_refused_at_once(listening, settings):
    settings.MAIL_MAX_BYTES = 100_000
    with smtplib.SMTP("127.0.0.1", listening(), timeout=20) as smtp:
        smtp.ehlo("mx.customer.test")
        assert smtp.mail("lena@customer.test", ["SIZE=200000000"])[0] == 552


@pytest.mark.parametrize("line", [b"x" * 76 + b"\r\n", b"x" * 5_000_000])
def test_a_mail_that_is_too_large_is_read_without_being_held(listening, settings, line):
    settings.MAIL_MAX_BYTES = 3_000_000
    port = listening()
    huge = line * (20_000_000 // len(line))
    assert send(port, mail() + huge)[0] == 552
    assert send(port, mail())[0] == 250
    assert Arrival.objects.count() == 1


def test_one_long_line_is_taken(listening):
    content = mail("x" * 3_000_000)
    assert send(listening(), content)[0] == 250
    assert raw(Arrival.objects.get()) == content


def test_nul_bytes_are_taken(listening):
    content = mail("a\0b", mail_id="nul\0@customer.test")
    assert send(listening(), content)[0] == 250
    assert raw(Arrival.objects.get()) == content


def test_a_database_that_is_gone_means_try_later_and_comes_back_by_itself(listening, monkeypatch):
    port, failures = listening(), [OperationalError("server closed the connection unexpectedly")]

    def failing_once(letters):
        if failures:
            raise failures.pop()
        return keep(letters)

    keep = arriving.keep
    monkeypatch.setattr(arriving, "keep", failing_once)
    assert send(port, mail())[0] == 451
    assert send(port, mail())[0] == 250
    assert Arrival.objects.count() == 1


def test_one_peer_may_not_send_without_measure(listening, settings, monkeypatch):
    settings.MAIL_RATE = 2
    port = listening()
    monkeypatch.setattr(listener, "_is_loopback", lambda peer: False)
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as smtp:
        smtp.ehlo("mx.customer.test")
        codes = []
        for _ in range(3):
            codes.append(smtp.mail("lena@customer.test")[0])
            smtp.rset()
    assert sorted(codes) == [250, 250, 451]


def test_one_peer_may_not_hold_all_connections(listening, monkeypatch):
    port = listening()
    monkeypatch.setattr(listener, "_is_loopback", lambda peer: False)
    monkeypatch.setattr(listener, "CONNECTIONS_PER_PEER", 1)
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as first:
        with pytest.raises(smtplib.SMTPConnectError, match="421"):
            smtplib.SMTP("127.0.0.1", port, timeout=20)
        assert first.noop()[0] == 250


def test_starttls_when_there_is_a_certificate(listening, settings, tmp_path):
    settings.MAIL_CERTIFICATE, settings.MAIL_CERTIFICATE_KEY = certificate(tmp_path)
    with smtplib.SMTP("127.0.0.1", listening(), timeout=20) as smtp:
        trusting = ssl.create_default_context(cafile=settings.MAIL_CERTIFICATE)
        trusting.check_hostname = False
        smtp.ehlo("mx.customer.test")
        assert smtp.has_extn("starttls")
        smtp.starttls(context=trusting)
        assert smtp.sendmail("lena@customer.test", ["support@company.test"], mail()) == {}
    assert Arrival.objects.count() == 1


def test_nobody_can_sign_in_here(listening):
    with smtplib.SMTP("127.0.0.1", listening(), timeout=20) as smtp:
        smtp.ehlo("mx.customer.test")
        assert not smtp.has_extn("auth")
        assert smtp.docmd("AUTH PLAIN AGFkbWluAGFkbWlu")[0] >= 500


def certificate(folder) -> tuple[str, str]:
    """A certificate of our own, for as long as the test takes."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.company.test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "cert.pem").write_bytes(pem)
    (folder / "key.pem").write_bytes(private)
    return str(folder / "cert.pem"), str(folder / "key.pem")
