"""Words by which mail servers tell that a mail did not arrive, or not yet."""

import re

from pitcrew.channels.email.parse.phrases import any_of

FAILURE = any_of(
    r"(?:could|can|did|was|were|has|have|is|am)(?: ?n[o'’]t|not)(?: yet)?(?: be| been"
    r"| able to be)? (?:able to )?(?:deliver|reach|accept|sent|send)",
    r"un(?:able|deliver)(?: to deliver|able|ed)",
    r"deliver\w* (?:.{0,60} )?(?:failed|failure|error|delayed|impossible)|fail(?:ed|ure) to deliver",
    r"fail(?:ed|ure)[^.]{0,40}(?:deliver|recipient|address)|permanent(?:ly)? (?:fatal )?(?:fail|error)",
    r"fatal errors?|(?:has been|is being) returned|(?:due to|encountered) an error",
    r"invalid (?:user|recipient|address)|user unknown|unknown (?:user|recipient|address)",
    r"no such (?:user|mailbox|recipient)|no mailbox|(?:mail)?box (?:is )?(?:unavailable|full)",
    r"does ?n[o'’]t (?:exist|have|like)|is not (?:a valid|valid|known)|not (?:listed|recogni[sz]ed)",
    r"over ?quota|quota (?:violation|exceeded)|exceeded.{0,20}quota|rejected|refused|was returned",
    r"returned (?:to|mail)|may not exist|host (?:unknown|not found)|returned an error|disk quota",
    r"mail loop|giving up|nicht (?:zugestellt|zustell)|konnte nicht|unzustellbar",
    r"n['’](?:a|ont) pas (?:pu|été)|non remis|impossible de|no (?:se )?(?:pudo|puede|ha podido|fue)",
    r"no existe|n[aã]o (?:p[oô]de|foi|existe)|non (?:è stato|può|esiste|recapit)",
    r"niet (?:worden )?(?:bezorgd|afgeleverd)|не (?:может быть|было|удалось|доставл)|не существует",
    r"できません|できなかった|失敗|エラー|届け|无法|無法|失败|失敗|不存在|退回|못했|실패",
    r"teslim edilemedi|nie (?:może|mógł|zostal|istnieje)|nedoru|kunde inte|kunne ikke|ei voit",
)
REPLY = any_of(
    r"(?:^|[\s:;>(\[])#?[45][0-5]\d[ -](?:#?[45]\.\d\.\d|.{0,160}(?:unknown|reject|refus|denied|full|quota"
    r"|no such|unavailable|not (?:found|exist)|invalid|disabled|spam))",
    r"(?<![\d.\w])#?[45]\.\d\.\d{1,3}(?![\d.]).{0,100}(?:unknown|reject|address|denied|full|mailbox|user)",
    r"user unknown|unknown user|no such user|(?:final|original)-recipient:",
)
OF_MAIL = any_of(
    r"(?:your|the|this|that|following|original) (?:e-?mail |mail )?(?:message|e-?mail|mail)\b[^.]{0,160}(?:not"
    r"|n['’]t|undeliver|fail|unable|impossible)[^.]{0,40}(?:deliver|reach|sent|accept)",
    r"deliver[^.]{0,80}(?:recipient|address)[^.]{0,60}(?:fail|delay|not|impossible)",
    r"(?:unable|not able|fail\w*|could ?n[o'’]t|can ?n[o'’]t) (?:to )?(?:be )?(?:deliver"
    r"|send)[^.]{0,60}(?:message|mail|recipient|address)",
    r"(?:did|was|were|has|have) ?n(?:o|['’])t (?:been )?(?:reach|deliver)\w* (?:to )?(?:(?:the|any"
    r"|all) )?(?:following )?(?:recipient|address)",
    r"(?:message|mail)[^.]{0,80}(?:rejected|returned to sender)",
    r"n['’]a pas (?:pu|été)[^.]{0,40}(?:d[ée]livr|remis|distribu)|nicht zugestellt werden",
    r"no se (?:pudo|puede|ha podido) entregar|n[aã]o p[oô]de ser entreg|не может быть доставлен",
    r"送信(?:は)?できません|配信できません|无法投递|無法傳遞",
)
PERSON = any_of(
    r"hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|i|i['’]m|i['’]ve|we|my|our|please|can",
    r"could|why|help|hallo|guten|bonjour|hola|ol[áa]|ciao",
    before=r"\W*",
    after=r"\b",
)
PROGRAM = any_of(
    r"your (?:e-?mail |mail )?(?:message|e-?mail|mail)\b|message (?:that )?you sent|undeliverable",
    r"unable to deliver|following (?:address|recipient|message)|automatic(?:ally)? generated",
    r"created automatically|delivery (?:status|has failed)|mail (?:delivery )?system",
    r"ihre (?:nachricht|e-?mail)|votre (?:message|e-?mail)|su (?:mensaje|correo)|sua mensagem",
)
SUCCESS = any_of(
    r"success(?:ful(?:ly)?)? (?:been )?(?:deliver|relay|sent)|deliver(?:ed|y) (?:was |is )?success",
    r"(?:has|have) been (?:delivered|relayed)|erfolgreich zugestellt|livré avec succès",
    r"entregad[oa] (?:con éxito|correctamente)",
)
STILL_TRYING = any_of(
    r"(?:will|do(?:es)? not need to|no need to).{0,60}(?:re-?tr|resend|continue|keep trying|be retried"
    r"|take any action)",
    r"(?:has|have|was|could|is) (?:not|n['’]t)(?: yet)? been deliver|not yet been delivered",
    r"delivery attempts will|still (?:be )?(?:trying|in the queue|attempt)|will (?:be )?(?:retr|re-tr)",
    r"warning message only|(?:this is )?just a warning|has been delayed|is delayed",
    r"will continue (?:to|trying|for)|continue to (?:be made|try|attempt)|temporarily deferred",
    r"delivery .{0,40}delayed|wird weiter versucht|noch nicht zugestellt",
)
GAVE_UP = any_of(
    r"permanent(?:ly)?|giv(?:ing|en) up|gave up|no further|not going to try|in the queue too long",
    r"failed permanently|final(?:ly)? fail|has failed|fatal",
)
DELAY_SUBJECT = re.compile(
    r"[\W_]*(?:warning\b|.{0,60}\b(?:delay(?:ed)?|not yet|still being retried|verzögert|retard[ée]"
    r"|temporar)\b)",
    re.I,
)
READ = 6000


def tells_of_failure(words: str) -> bool:
    """Whether a server says that something did not arrive; people use such words of parcels too."""
    return FAILURE.search(_flat(words)) is not None


def names_a_reply(words: str) -> bool:
    """Whether an SMTP reply, a status code or a report is quoted."""
    return REPLY.search(_flat(words)) is not None


def tells_of_mail(words: str) -> bool:
    """Whether they say it of a mail, in words nobody uses of a parcel."""
    flat = _flat(words)
    return REPLY.search(flat) is not None or OF_MAIL.search(flat) is not None


def tells_of_success(words: str) -> bool:
    """Whether the server says that a mail did arrive, and of none that it did not."""
    said = _flat(words)
    return SUCCESS.search(said) is not None and FAILURE.search(said) is None


def speaks_as_server(words: str) -> bool:
    """Whether the text begins as a program's: of "your message", not with a greeting, "I" or "my"."""
    return PERSON.match(words[:200]) is None and PROGRAM.search(words[:400]) is not None


def is_still_trying(subject: str, words: str) -> bool:
    """Whether the server only warns of a delay and will try again."""
    said = _flat(words)
    if GAVE_UP.search(said) is not None and STILL_TRYING.search(said) is None:
        return False
    warned = DELAY_SUBJECT.match(subject[:200]) is not None
    return STILL_TRYING.search(said) is not None and (warned or GAVE_UP.search(said) is None)


def _flat(words: str) -> str:
    return " ".join(words[:READ].split())
