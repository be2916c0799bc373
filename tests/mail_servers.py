"""Real mail servers for tests: Debian's Dovecot, started on ports and in folders of the test's own."""

import grp
import http.server
import json
import os
import pwd
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path

from tests.ports import free_port

CONFIG = """
base_dir = {run}
state_dir = {run}
log_path = {home}/dovecot.log
instance_name = pitcrew-test-{port}
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
first_valid_uid = 1
mail_location = maildir:{home}/mail/%u
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {home}/oauth2.conf
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {home}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


class Tokens(http.server.BaseHTTPRequestHandler):
    """The provider that Dovecot asks whether a token is good: it knows one."""

    def do_GET(self) -> None:
        good = self.path.endswith("good-token")
        body = json.dumps({"email": "support", "active": True} if good else {"error": "invalid_token"}).encode()
        self.send_response(200 if good else 400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Dovecot:
    """An IMAP server with one mailbox, `support`, whose password is `secret` and whose token is `good-token`."""

    def __init__(self, home: Path):
        self.home, self.port = home, free_port()
        user = pwd.getpwnam("mail") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self.user, self.group = user.pw_name, grp.getgrgid(user.pw_gid).gr_name
        self.tokens = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tokens)
        self.process: subprocess.Popen | None = None

    def __enter__(self) -> "Dovecot":
        threading.Thread(target=self.tokens.serve_forever, daemon=True).start()
        self._write_files()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.tokens.shutdown()

    def _write_files(self) -> None:
        for folder in ("run", "mail"):
            (self.home / folder).mkdir()
        self.home.chmod(0o755)  # the server's own users must be able to enter
        shutil.chown(self.home / "mail", self.user, self.group)
        (self.home / "users").write_text("support:secret\n")
        url = f"http://127.0.0.1:{self.tokens.server_port}/?token="
        (self.home / "oauth2.conf").write_text(f"tokeninfo_url = {url}\nusername_attribute = email\n")
        config = CONFIG.format(run=self.home / "run", home=self.home, port=self.port, user=self.user, group=self.group)
        (self.home / "dovecot.conf").write_text(config)

    def start(self) -> None:
        program = shutil.which("dovecot") or "/usr/sbin/dovecot"
        self.process = subprocess.Popen([program, "-F", "-c", str(self.home / "dovecot.conf")])
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"Dovecot did not start: {(self.home / 'dovecot.log').read_text()}")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            self.process = None
