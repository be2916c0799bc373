"""How Pitcrew is set up. Everything has a default; the environment may change it (docs/settings.md)."""

import hashlib
import json
import os
import secrets
from datetime import timedelta
from pathlib import Path

import dj_database_url

DATA = Path(os.environ.get("PITCREW_DATA", "data")).resolve()


def _secret_key() -> str:
    """The installation's own key: made once, kept in the data folder, readable by its owner alone."""
    if given := os.environ.get("PITCREW_SECRET_KEY"):
        return given
    path = DATA / "secret-key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        DATA.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()


def _number(name: str, default: int) -> int:
    """A whole number from the environment."""
    given = os.environ.get(name) or str(default)
    if not given.isdecimal():
        raise ValueError(f"{name} is a whole number, not {given}")
    return int(given)


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("PITCREW_HOSTS", "*").split(",")
BASE_URL = os.environ.get("PITCREW_URL", "")
TRUSTED_PROXIES = os.environ.get("PITCREW_TRUSTED_PROXIES", "127.0.0.1")
WEB_THREADS = _number("PITCREW_WEB_THREADS", 4)
ROOT_URLCONF = "pitcrew.urls"
USE_TZ = True
TIME_ZONE = os.environ.get("PITCREW_TIME_ZONE", "UTC")
LANGUAGE_CODE = "en"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Staff"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "axes",
    "pitcrew.jobs",
    "pitcrew.history",
    "pitcrew.people",
    "pitcrew.promises",
    "pitcrew.conversations",
    "pitcrew.relays",
    "pitcrew.relays.doors",
    "pitcrew.relays.links",
    "pitcrew.problems",
    "pitcrew.channels.email",
    "pitcrew.channels.email.letters",
    "pitcrew.web",
]

_SQLITE_START = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;"
    "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=134217728; PRAGMA wal_autocheckpoint=4000;"
)
DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{DATA / 'pitcrew.sqlite3'}", conn_max_age=None, conn_health_checks=True
    )
}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": _SQLITE_START,
    }
elif "postgresql" in DATABASES["default"]["ENGINE"]:
    # Planning a query costs as much as running it, so the server keeps the plans (not behind a pooler that mixes
    # transactions of several clients on one connection).
    DATABASES["default"]["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 3}

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "pitcrew.web.middleware.Safety",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
WEB = Path(__file__).parent / "web"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [WEB / "templates"],
        "OPTIONS": {
            "environment": "pitcrew.web.jinja.environment",
            "context_processors": ["pitcrew.web.context.desk"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]


def _fingerprint(folder: Path) -> str:
    """Changes with any static file, so that browsers may keep each for ever."""
    told = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        told.update(path.name.encode() + path.read_bytes())
    return told.hexdigest()[:12]


STATIC_URL = f"/static/{_fingerprint(WEB / 'static')}/"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 365 * 24 * 3600
CSRF_FAILURE_VIEW = "pitcrew.web.middleware.too_old"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("email", "name")}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
    )
]
ACCOUNT_ADAPTER = "pitcrew.web.signing_in.Colleagues"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,10/5m/key"}  # codes; wrong passwords are counted by AXES below
MFA_ADAPTER = "pitcrew.web.signing_in.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
SOCIALACCOUNT_ADAPTER = "pitcrew.web.signing_in.ColleaguesElsewhere"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link, since forms may only go to ourselves (Content-Security-Policy)
OIDC_TRUSTS_ADDRESSES = os.environ.get("PITCREW_OIDC_TRUSTS_ADDRESSES", "") == "1"
if os.environ.get("PITCREW_OIDC_URL"):
    INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "company",
                    "name": os.environ.get("PITCREW_OIDC_NAME", "your company account"),
                    "client_id": os.environ.get("PITCREW_OIDC_CLIENT_ID", ""),
                    "secret": os.environ.get("PITCREW_OIDC_SECRET", ""),
                    "settings": {"server_url": os.environ["PITCREW_OIDC_URL"]},
                }
            ],
            "OAUTH_PKCE_ENABLED": True,
        }
    }
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]  # the address alone would let anybody lock a colleague out
AXES_USERNAME_CALLABLE = "pitcrew.web.signing_in.who_tries"
AXES_LOCKOUT_CALLABLE = "pitcrew.web.signing_in.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # an address is unique among those who work here (people.Staff)
SESSION_ENGINE = "pitcrew.web.sessions"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")

# Mail that comes in.
MAIL_NAME = os.environ.get("PITCREW_MAIL_NAME", "")
MAIL_CERTIFICATE = os.environ.get("PITCREW_MAIL_CERTIFICATE", "")
MAIL_CERTIFICATE_KEY = os.environ.get("PITCREW_MAIL_CERTIFICATE_KEY", "")
MAIL_MAX_BYTES = _number("PITCREW_MAIL_MAX_MB", 50) * 1024 * 1024
MAIL_RATE = _number("PITCREW_MAIL_RATE", 600)  # mails a minute from one peer; loopback has no limit
MAIL_AUTHSERV_ID = os.environ.get("PITCREW_AUTHSERV_ID", "")

# How answers leave where a mailbox names no server of its own.
EMAIL_BACKEND = os.environ.get("PITCREW_SEND_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = os.environ.get("PITCREW_SEND_HOST", "localhost")
EMAIL_PORT = _number("PITCREW_SEND_PORT", 25)
EMAIL_HOST_USER = os.environ.get("PITCREW_SEND_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("PITCREW_SEND_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("PITCREW_SEND_STARTTLS", "") == "1"
EMAIL_TIMEOUT = 30
ANYMAIL = json.loads(os.environ.get("PITCREW_ANYMAIL") or "{}")

JOBS = os.environ.get("PITCREW_JOBS", "embedded")
QUEUES = {
    "embedded": "pitcrew.jobs.embedded.EmbeddedBackend",
    "procrastinate": "pitcrew.jobs.on_procrastinate.ProcrastinateBackend",
}
if JOBS not in QUEUES:
    raise ValueError(f"PITCREW_JOBS is {' or '.join(QUEUES)}, not {JOBS}")
TASKS = {
    "default": {
        "BACKEND": QUEUES[JOBS],
        "OPTIONS": {"lease": _number("PITCREW_JOBS_LEASE", 15)},
    }
}
WORKER_THREADS = _number("PITCREW_WORKER_THREADS", 2)
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
if JOBS == "procrastinate":
    INSTALLED_APPS.insert(0, "procrastinate.contrib.django")
