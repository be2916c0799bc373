"""Signing in: by password, codes, passkeys, links and at the company's own provider; and who is kept out."""

import time
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from pitcrew import settings as product
from pitcrew.people import actions as people
from pitcrew.people.sign_in_links import make
from pitcrew.web.signing_in import ColleaguesElsewhere
from tests.verify import state
from tests.web.walk import ELSEWHERE, refuses

PASSWORD = "several quiet words"
ONLY_STAFF = [
    "/accounts/",
    "/accounts/password/change/",
    "/accounts/password/set/",
    "/accounts/reauthenticate/",
    "/accounts/codes/on/",
    "/accounts/codes/off/",
    "/accounts/recovery/",
    "/accounts/recovery/new/",
    "/accounts/recovery/download/",
    "/accounts/passkeys/",
    "/accounts/passkeys/add/",
    "/accounts/passkeys/1/rename/",
    "/accounts/passkeys/1/remove/",
]


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()


@pytest.fixture
def ana(cast):
    cast.ana.set_password(PASSWORD)
    cast.ana.save(update_fields=["password"])
    return cast.ana


def sign_in(client: Client, email: str = "ana@company.test", password: str = PASSWORD, **more):
    return client.post("/accounts/login/", {"login": email, "password": password, **more})


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.mark.parametrize("email", ["ana@company.test", "ANA@Company.TEST", " ana@company.test "])
def test_address_and_password_lead_to_the_queue(email, ana):
    client = Client()
    assert sign_in(client, email)["Location"] == "/"
    assert client.get("/queue/open/").status_code == 200


def test_one_comes_back_to_where_one_wanted_to_go(ana):
    door = Client().get("/outbox/")["Location"]
    assert 'name="next" value="/outbox/"' in Client().get(door).content.decode()
    assert sign_in(Client(), next="/outbox/")["Location"] == "/outbox/"


@pytest.mark.parametrize("address", ELSEWHERE[:-1])
def test_signing_in_and_out_never_lead_away_from_us(address, ana):
    client = Client()
    assert sign_in(client, next=address)["Location"] == "/"
    assert client.post("/accounts/logout/", {"next": address})["Location"] == "/accounts/login/"


@pytest.mark.parametrize(
    ("email", "password"),
    [("ana@company.test", "wrong"), ("nobody@company.test", PASSWORD), ("' OR 1=1 --@x.test", PASSWORD), ("ana", "")],
)
def test_a_wrong_password_lets_nobody_in_and_says_nothing_of_who_exists(email, password, ana):
    client = Client()
    response = sign_in(client, email, password)
    assert response.status_code == 200
    assert client.get("/queue/open/").status_code == 302
    assert "nobody" not in response.content.decode().lower().replace("nobody@company.test", "")


def test_after_five_wrong_passwords_one_waits_and_is_told_so(ana):
    client = Client()
    for _ in range(5):
        sign_in(client, password="wrong")
    locked = sign_in(client)
    assert locked.status_code == 429
    assert "Wait 15 minutes" in locked.content.decode()
    assert client.get("/queue/open/").status_code == 302
    assert AccessAttempt.objects.get().username == "ana@company.test"


def test_a_lock_is_for_the_address_at_that_place_not_for_the_colleague(ana):
    for _ in range(6):
        sign_in(Client(), password="wrong")
    elsewhere = Client(REMOTE_ADDR="192.0.2.9")
    assert sign_in(elsewhere)["Location"] == "/"


def test_a_link_opens_though_the_password_is_locked(ana):
    for _ in range(6):
        sign_in(Client(), password="wrong")
    client = Client()
    assert client.post(f"/sign-in/once/{make(ana, timezone.now())}/")["Location"] == "/"
    assert client.get("/queue/open/").status_code == 200


def test_somebody_deactivated_is_told_to_ask(ana, cast, at):
    people.deactivate(ana, by=cast.by, at=at)
    response = sign_in(Client())
    assert response.status_code == 403
    assert "no longer active" in response.content.decode()


@pytest.mark.parametrize("address", ONLY_STAFF)
def test_a_stranger_is_led_to_the_door(address, ana):
    response = Client().get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "address", ["signup/", "email/", "confirm-email/", "password/reset/", "3rdparty/", "social/signup/"]
)
def test_nobody_signs_up_and_addresses_are_the_staffs_alone(address, ana):
    assert Client().get(f"/accounts/{address}").status_code == 404
    sign_in(Client())
    assert not EmailAddress.objects.exists()


def test_looking_at_signing_out_does_not_sign_out(ana):
    client = Client()
    sign_in(client)
    assert "Sign out?" in client.get("/accounts/logout/").content.decode()
    assert client.get("/queue/open/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/queue/open/").status_code == 302


def test_a_changed_password_signs_other_browsers_out(ana):
    here, there = Client(), Client()
    sign_in(here), sign_in(there)
    told = {"oldpassword": PASSWORD, "password1": "other quiet words", "password2": "other quiet words"}
    assert here.post("/accounts/password/change/", told)["Location"] == "/accounts/"
    assert "Your password is changed" in here.get("/accounts/").content.decode()
    assert there.get("/queue/open/").status_code == 302
    ana.refresh_from_db()
    assert ana.check_password("other quiet words")


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (
            {"oldpassword": "wrong", "password1": "other quiet words", "password2": "other quiet words"},
            "present password",
        ),
        ({"oldpassword": PASSWORD, "password1": "short", "password2": "short"}, "10 characters"),
        ({"oldpassword": PASSWORD, "password1": "other quiet words", "password2": "different words"}, "same password"),
    ],
)
def test_a_password_that_cannot_be_is_refused_in_a_sentence(told, sentence, ana):
    client = Client()
    sign_in(client)
    response = client.post("/accounts/password/change/", told)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    ana.refresh_from_db()
    assert ana.check_password(PASSWORD)


def test_who_came_by_a_link_chooses_a_password(cast):
    client = Client()
    assert client.post(f"/sign-in/once/{make(cast.ben, timezone.now())}/")["Location"] == "/accounts/"
    told = {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/accounts/password/set/", told)["Location"] == "/accounts/"
    assert sign_in(Client(), "ben@company.test")["Location"] == "/"


def test_signing_out_elsewhere_ends_the_other_sessions_and_no_others(ana, signed_in):
    here, there, ben = Client(), Client(), signed_in("ben")
    sign_in(here), sign_in(there)
    assert "In 1 other browser." in here.get("/accounts/").content.decode()
    assert here.get("/accounts/sign-out-elsewhere/").status_code == 405
    assert here.post("/accounts/sign-out-elsewhere/").status_code == 302
    assert there.get("/queue/open/").status_code == 302
    assert here.get("/queue/open/").status_code == ben.get("/queue/open/").status_code == 200


def test_codes_are_turned_on_asked_for_and_turned_off(ana):
    client = Client()
    sign_in(client)
    assert client.get("/accounts/codes/on/")["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/codes/on/").content.decode()
    secret = page.split('<code class="said">')[1].split("<")[0]
    assert "does not fit" in client.post("/accounts/codes/on/", {"code": "000000"}).content.decode()
    assert client.post("/accounts/codes/on/", {"code": code_of(secret)})["Location"] == "/accounts/recovery/"
    assert client.get("/accounts/recovery/").content.decode().count("<li>") == 10
    assert "Recovery codes of Pitcrew" in client.get("/accounts/recovery/download/").content.decode()
    other = Client()
    assert sign_in(other)["Location"] == "/accounts/codes/ask/"
    assert other.get("/queue/open/").status_code == 302
    assert "One more proof" in other.get("/accounts/codes/ask/").content.decode()
    assert client.post("/accounts/codes/off/")["Location"] == "/accounts/"
    assert not Authenticator.objects.exists()


def test_a_code_or_a_recovery_code_opens_once(ana):
    secret = generate_totp_secret()
    TOTP.activate(ana, secret)
    spare = RecoveryCodes.activate(ana).get_unused_codes()[0]
    first, second, third = Client(), Client(), Client()
    for client, code, opens in ((first, code_of(secret), True), (second, spare, True), (third, spare, False)):
        sign_in(client)
        client.post("/accounts/codes/ask/", {"code": code})
        assert (client.get("/queue/open/").status_code == 200) is opens


def test_codes_cannot_be_guessed_without_end(ana):
    TOTP.activate(ana, generate_totp_secret())
    client = Client()
    sign_in(client)
    for _ in range(10):
        client.post("/accounts/codes/ask/", {"code": "123456"})
    told = client.post("/accounts/codes/ask/", {"code": "123456"}).content.decode()
    assert "Too many" in told


def test_passwords_are_kept_by_argon2():
    assert product.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def at_the_provider(email: str, *, verified: bool):
    address = SimpleNamespace(email=email, verified=verified)
    login = SimpleNamespace(email_addresses=[address], state={"process": "connect"}, user=None)
    ColleaguesElsewhere().pre_social_login(None, login)
    return login


def test_who_the_company_says_has_a_colleagues_address_is_that_colleague(ana, cast, at, settings):
    assert at_the_provider("Ana@Company.test", verified=True).user == ana
    assert at_the_provider("ana@company.test", verified=False).user is None
    assert at_the_provider("eve@company.test", verified=True).user is None
    settings.OIDC_TRUSTS_ADDRESSES = True
    assert at_the_provider("ana@company.test", verified=False).user == ana
    people.deactivate(ana, by=cast.by, at=at)
    assert at_the_provider("ana@company.test", verified=True).user is None


def test_an_account_elsewhere_is_never_tied_to_a_session(ana):
    assert at_the_provider("ana@company.test", verified=True).state["process"] == "login"


def test_pages_of_signing_in_change_nothing_by_being_looked_at(ana):
    client, before = Client(), state()
    for address in ("login/", "logout/", "passkeys/login/", "elsewhere/error/", "elsewhere/cancelled/"):
        assert client.get(f"/accounts/{address}").status_code in (200, 302, 401)
    assert state() == before
    refuses(client, "/accounts/sign-out-elsewhere/", 302, {})
