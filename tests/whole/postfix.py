"""A real mail server for tests: Debian's Postfix, on a port and in folders of the test's own."""

import pwd
import shutil
import subprocess
from pathlib import Path

from tests.ports import free_port

MAIN = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.customer.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
maillog_file = {home}/log/mail.log
maillog_file_prefixes = {home}
alias_maps =
alias_database =
smtp_dns_support_level = disabled
virtual_mailbox_domains = customer.test
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = static:martin/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
transport_maps = inline:{{ {{ {domain} = smtp:[127.0.0.1]:{pitcrew} }} }}
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """Martin's mail server: it keeps his mail in a Maildir, and hands what is for our domain to our listener."""

    def __init__(self, home: Path, domain: str, pitcrew: int):
        self.home, self.port = home, free_port()
        mail = pwd.getpwnam("mail")
        told = {"home": home, "uid": mail.pw_uid, "gid": mail.pw_gid, "domain": domain, "pitcrew": pitcrew}
        for folder in ("etc", "queue", "data", "mail", "log"):
            (home / folder).mkdir(parents=True)
        shutil.chown(home / "data", "postfix", "postfix")
        shutil.chown(home / "mail", "mail", "mail")
        (home / "etc" / "main.cf").write_text(MAIN.format(**told))
        (home / "etc" / "master.cf").write_text(MASTER.format(port=self.port))

    def __enter__(self) -> "Postfix":
        self._do("start")
        return self

    def __exit__(self, *_: object) -> None:
        self._do("stop")

    def _do(self, what: str) -> None:
        command = ["/usr/sbin/postfix", "-c", self.home / "etc", what]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, f"Postfix did not {what}: {done.stderr} {self.log}"

    @property
    def log(self) -> str:
        path = self.home / "log" / "mail.log"
        return path.read_text() if path.exists() else ""

    def mails(self) -> list[bytes]:
        """What Martin has got."""
        return [path.read_bytes() for path in sorted((self.home / "mail" / "martin" / "new").glob("*"))]
