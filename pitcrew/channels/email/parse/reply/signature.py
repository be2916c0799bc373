"""What closes a customer's words and is not one of them: signatures, device lines, legal notices."""

import re

from .header_block import is_rule
from .languages import DEVICES, folded

_MOST_SIGNATURE_LINES = 15
_MOST_RULED_LINES = 5
_MOST_SIGNED_WORDS = 8
_LONGEST_DEVICE_LINE = 140
_LINK = re.compile(r"[<\[(](?:https?://|mailto:|www\.)[^\s>\])]{1,300}[>\])]")
_DELIMITER = re.compile(r"(?:-{2,4}|_{2,80}|– ?)\s*")
_DASHED_NAME = re.compile(r"[-–—]{1,2} ?[^\W\d_][\w.'’]{0,20}(?: [^\W\d_a-z][\w.'’]{0,20}){0,2}")
_SENT_FROM = re.compile(
    r"""(?:sent|get|gesendet|versendet|verschickt|geschickt|envoyé|envoyée|enviado|enviada|inviato|inviata
    |verzonden|verstuurd|skickat|skickades|sendt|wysłan[eoay]|odesláno|odesláno|odoslané|poslané|отправлено
    |надіслано|відправлено|trimis|trimisă|expediat|στάλθηκε|εστάλη|απεστάλη|poslano|poslato|saadetud|gửi|đã[ ]gửi
    |dikirim|enviat|télécharger|téléchargez|obtenir|obtenez|obtener|obtén|obter|obtenha|scarica|ottieni|hent|hämta|skaff|pobierz
    |lähetetty|outlook|holen[ ]sie[ ]sich|küldve|elküldve|zaslano|from|från|fra)
    (?:[ ](?:from|via|with|using|by|on|for|von|mit|über|aus|für|depuis|de|du
    |à[ ]partir[ ]de|avec|par|pour|desde|con|por|para
    |do|da|dal|dalla|a[ ]partir[ ]d[eo]|pelo|com|tramite|per|vanaf|met|vanuit|från|med|fra|via|til|till|deg
    |z|ze|za|zo|с|со|из|із|зі
    |з|din|de[ ]pe|από|s|sa|iz|od|từ|dari|des|outlook|the|my|min|mit))+(?![^\W\d_])""",
    re.I | re.X,
)
_SENT_WORDS = (
    "sent",
    "gesendet",
    "versendet",
    "envoyé",
    "enviad",
    "inviat",
    "verzonden",
    "verstuurd",
    "skicka",
    "sendt",
)
_SENT_LAST = re.compile(
    r"""(?:(?:diese[ ](?:nachricht|e-mail|mail)[ ]wurde[ ])?(?:von|mit|über)[ ].{2,70}
    [ ](?:gesendet|geschickt|versendet|verschickt)
    |.{2,60}(?:から送信|から送信されました|传送|傳送|发送|發送
    |에서[ ]보냄|에서[ ]발송|gönderildi|lähetetty|küldve)|lähetetty[ ].{3,40})[.!]?""",
    re.I | re.X,
)
_SENT_ASIAN = re.compile(r"(?:发自|發自|来自|從我的|从我的|나의).{1,40}")
_NAMED_MOBILE = re.compile(r"[\w ]{1,30} from (?:my )?mobile\.?", re.I)
_OWN = re.compile(
    r"\b(?:my|mein(?:em|er)?|mon|ma|mi|meu|minha|mio|mia|mijn|min|mit|moj\w{1,3}|мо\w{1,3}|benim)\b", re.I
)
_IN_SENTENCES = folded(
    "to|and|but|it|is|was|are|you|your|i|we|that|which|because|so|yesterday|today|last|und|aber|ich|wir|gestern|et|mais|je|nous|y|pero"
)
_LEGAL = re.compile(
    r"""[\s*_=-]{0,80}(?:confidentiality[ ](?:notice|note|statement)|(?:legal[ ])?disclaimer\b
    |privileged[ ]and[ ]confidential
    |this[ ](?:e-?mail|message|communication|transmission|email[ ]message)\b.{0,60}
    \b(?:confidential|intended|privileged)
    |the[ ](?:information|contents?|content)[ ](?:contained[ ])?(?:in|of)[ ]this
    [ ](?:e-?mail|message|communication|transmission)
    |diese[ ](?:e-?mail|nachricht)\b.{0,60}\b(?:vertraulich|bestimmt)|der[ ]inhalt[ ]dieser[ ]e-?mail
    |ce[ ](?:message|courriel|mail)\b.{0,80}\b(?:confidentiel|destin)|este[ ](?:mensaje|correo)\b.{0,80}\bconfidencial
    |esta[ ]mensagem\b.{0,80}\bconfidenc|questo[ ]messaggio\b.{0,80}\b(?:riservat|confidenzial)
    |(?:dit[ ]bericht|deze[ ]e-?mail)\b.{0,80}\b(?:vertrouwelijk|bestemd)
    |(?:ta|niniejsza)[ ]wiadomość\b.{0,80}\bpoufn|detta[ ](?:mejl|e-post|meddelande)\b.{0,80}\bkonfidentiell
    |virus-free\.|this[ ]email[ ]has[ ]been[ ](?:checked|scanned)|please[ ]consider[ ]the[ ]environment)""",
    re.I | re.X,
)


def without_signature(lines: list[str], *, spoken: bool = False) -> list[str]:
    """The lines without what closes them: "-- " and below, "Sent from my phone" and below, legal notices.

    What has no words of the customer above it is kept, but for the device line itself; `spoken` tells
    that there are such words further up.
    """
    lines = trimmed(lines)
    begins = 0
    for at, line in enumerate(lines):
        bare = line.strip()
        if not bare or not closes(bare, lines, at):
            continue
        if at > begins or spoken:
            return trimmed(lines[begins:at])
        if device_line(bare):
            begins = at + 1
    return trimmed(lines[begins:])


def closes(bare: str, lines: list[str], at: int) -> bool:
    """Whether what closes the customer's words begins on line `at` (`bare` is that line, stripped)."""
    if _DELIMITER.fullmatch(bare):
        standard = bare == "--"
        return _few_left(lines, at, _MOST_SIGNATURE_LINES if standard else _MOST_RULED_LINES, prose=standard)
    device = device_line(bare)
    if device:
        return device == "sure" or at == len(lines) - 1
    if not at or lines[at - 1].strip():
        return False
    if at == len(lines) - 1 and _DASHED_NAME.fullmatch(bare):
        return True
    return bool(_LEGAL.match(bare[:300])) and _few_left(lines, at, _MOST_SIGNATURE_LINES, prose=True)


def _few_left(lines: list[str], at: int, most: int, *, prose: bool) -> bool:
    """Whether so little follows that it can be a signature: nobody signs with a page.

    Without `prose` no line may be as long as a sentence: below "---" may stand a further paragraph.
    """
    if len(lines) - at > 2 + 3 * most:
        return False
    left = [line.strip() for line in lines[at + 1 :] if line.strip()]
    return len(left) <= most and (prose or all(len(line.split()) <= _MOST_SIGNED_WORDS for line in left))


def device_line(line: str) -> str:
    """Whether a line is what a program adds ("Sent from my iPhone"): "sure", "likely" or ""."""
    if len(line) > 400:
        return ""
    bare = _LINK.sub("", line).strip(" \t<>()[]*_.\u200e")
    if not 4 < len(bare) <= _LONGEST_DEVICE_LINE:
        return ""
    if _SENT_ASIAN.fullmatch(bare) or _NAMED_MOBILE.fullmatch(bare):
        return "sure"
    if _SENT_LAST.fullmatch(bare):
        return "sure" if _names_device(bare.split()) else ""
    sent = _SENT_FROM.match(bare)
    return _device_in(bare, sent.end()) if sent else ""


def _device_in(bare: str, at: int) -> str:
    named = re.split(r"[,.;!?] | - ", bare[at:].strip(), maxsplit=1)[0].split()
    if not named or not _IN_SENTENCES.isdisjoint(word.casefold() for word in named):
        return ""
    if _names_device(named[:5]):
        return "sure" if len(named) <= 8 else ""
    if len(named) > 7 or bare[at:].strip() != " ".join(named) or not bare.lower().startswith(_SENT_WORDS):
        return ""
    return "sure" if _OWN.search(bare) else "likely"


def _names_device(words: list[str]) -> bool:
    for word in words:
        word = word.strip(".,;:!()\"'’").casefold()
        if word in DEVICES or any(
            word.startswith(device) for device in ("iphon", "ipad", "android", "outlook", "smartphone")
        ):
            return True
    return False


def trimmed(lines: list[str]) -> list[str]:
    """The lines without blank ones at either end."""
    first, last = 0, len(lines)
    while first < last and not lines[first].strip():
        first += 1
    while last > first and not lines[last - 1].strip():
        last -= 1
    return lines[first:last]


def without_rules_below(lines: list[str]) -> list[str]:
    """The lines without the blank lines and drawn rules that stood between them and a quote."""
    last = len(lines)
    while last and (not lines[last - 1].strip() or is_rule(lines[last - 1])):
        last -= 1
    return lines[:last]
