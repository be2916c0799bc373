"""The first look: is this mail worth reading as a bounce? Headers only, because every mail pays for it."""

import re
from dataclasses import dataclass, field
from email.message import Message
from email.utils import getaddresses

from pitcrew.channels.email.parse.bounces.leaves import children
from pitcrew.channels.email.parse.phrases import any_of

DAEMON = any_of(
    r"mail(?:er)?[-_. ]?daemon|double-bounce|mail[-_. ]?delivery|mdaemon|mmdf",
    r"delivery[-_. ]?(?:sub)?system|mail[-_. ]?(?:sub)?system|smtp[-_. ]?daemon",
    before=r"\b",
    after=r"(?![a-z])",
)
# Names under which people write too.
OFFICE = any_of(
    r"\b(?:post[-_. ]?master|system administrator|smtp[-_. ]?(?:server|gateway))(?![a-z])",
    r"\bmail[-_. ]?(?:server|gateway|router|administrator|transport)(?![a-z])",
    r"(?:^|[<\s\"])bounces?[-+@]",
)
# How servers call these mails, at the start of the subject. A person's "Re:" or "Fwd:" never matches.
FAILS = any_of(
    r"undeliver(?:able|ed|y)|(?:mail |message )?(?:returned|rejected) (?:mail|message|to sender)",
    r"(?:mail|message|e-?mail)(?: system)? (?:delivery|deliver|error|failure|failed|rejected|returned|undeliver"
    r"|status|could|can ?not|not|delay|has (?:been )?(?:delay|reject)|is delayed|was not|you sent)",
    r"message .{1,60}(?:delay|not delivered|could not|undeliver)",
    r"deliver[yi]\w* (?:status|notification|failure|failed|fails|error|problem|report|unsuccess|has failed"
    r"|incomplete|delay|impossible|attempt|to .{1,60} failed|temporar)",
    r"fail(?:ed|ure|ing)? (?:notice|mail|message|deliver|to deliver|notification)",
    r"notification of.{0,20}(?:fail|non)|(?:could|can) ?(?:not|n['’]t) (?:be )?(?:deliver|send)",
    r"unable to deliver|non[- ]?deliver|not delivered",
    r"warning: ?(?:message|mail|could|e-?mail|.{3,80}(?:user unknown|delay|not.{1,12}deliver))",
    r"returned to sender|user unknown|unknown (?:user|address|recipient)|automatically rejected",
    r"rejected(?: mail|:)|bounced?\b|dsn:|nondeliver|ndn:|ndr:|recipient .{0,30}(?:unknown|reject)",
    r"status (?:of|notification)|smtp (?:error|delivery)",
    r"(?:sorry,? )?your (?:e-?mail|message|mail)\b.{0,80}(?:not|undeliver|reject|fail|return)",
    r"postmaster notify|delayed\b|(?:there was an? )?(?:error|problem|trouble)s? (?:deliver|send)",
    r"(?:permanent|temporary|transient|final|fatal) .{0,20}(?:fail|error)",
    r"(?:postfix )?smtp server: errors from|mailbox (?:full|unavail|.{1,40} full)|quota exceeded",
    r"over quota|unzustell|nicht zustellbar|nicht zugestellt|zustellung.{0,24}(?:fehl|verz)|rückläufer",
    r"nachricht.{0,40}nicht|non[- ]?remis|non distribu|message non|(?:é|e)chec d",
    r"(?:é|e)chec .{0,20}(?:remise|distribution|envoi)|retour(?:né)? (?:de|du|à)",
    r"remise.{0,30}(?:échou|impossible|diffé)|no (?:se (?:puede|pudo|ha podido)|entregad)",
    r"mensaje (?:devuelto|no)|no es posible entregar|devoluci(?:ó|o)n|error (?:de|en la) entrega",
    r"fallo en la entrega|n(?:ã|a)o (?:foi )?(?:poss|entreg)|falha n|mensagem (?:devolvida|n)|devolvid",
    r"mancat[ao]|non recapit|impossibile (?:recap|conseg)|messaggio non|consegna.{0,20}(?:fall|non)",
    r"onbestelbaar|niet (?:bezorgd|afgeleverd)|bezorging|kan niet worden|olevererbart|ej levererbart",
    r"kan (?:inte|ikke) lever|kunne ikke lever|kan ikke leveres|ikke lever|uleverbar|toimitta.{0,30}ep",
    r"lähetys ep|viestiä ei|niedor|nie ?dostarcz|nie można dostarcz|zwrot|nedoru|doručen|nelze doru",
    r"kézbesít|teslim edil|iletilemedi|nelivra|mesaj.{0,20}nelivr|недостав|не доставл|не удал",
    r"ваше сообщение не|сообщение не|невозможн|μη παραδ|ошибка доставки|недоставлен|повідомлення не",
    r"лист не",
    r".{0,40}?(?:配信不能|配信(?:できません|エラー|失敗)|配達(?:できません|不能)|未配信|未達|送信(?:できません"
    r"|エラー|失敗)|エラーメール|戻りメール|退信|无法投递|無法(?:傳遞|投遞|送達)|未(?:送达|送達|傳遞|投递)"
    r"|(?:投递|投遞|傳送|发送|發送|邮件发送)失[败敗]|系统退信|배달|전송 ?실패|반송|발송 ?실패)",
    r"تعذر|לא נמסר",
    before=r"[\W_]*(?:\[[^\]]{0,40}\]\s*)?",
)
NULL_PATH = re.compile(r"\s*(?:<\s*>\s*$|<?\s*mailer-daemon\b)")
ANSWER = any_of(
    r"re|aw|sv|antw|fwd?|wg|tr|rv|vs|enc|i|r|odp|ynt|fs|doorst|vb", before=r"\s*", after=r"\s*(?:\[\d+\])?:"
)


@dataclass(slots=True)
class Marks:
    """Signs of a bounce in the headers; `own_addresses` are those the mail was sent to (ours)."""

    subject: str = ""
    from_daemon: bool = False
    from_office: bool = False
    null_path: bool = False
    subject_fails: bool = False
    is_report: bool = False
    is_answer: bool = False
    failed_recipients: list[str] = field(default_factory=list)
    own_addresses: set[str] = field(default_factory=set)

    @property
    def from_server(self) -> bool:
        """Whether the sender, or the null return path, is a mail server's."""
        return self.from_daemon or self.from_office or self.null_path

    @property
    def subject_only(self) -> bool:
        """Whether nothing but the subject speaks for a bounce, as where a person tells of one."""
        return self.subject_fails and not (self.is_report or self.from_server or self.failed_recipients)

    @property
    def suspect(self) -> bool:
        """Whether the mail is worth reading further."""
        return self.is_report or self.from_server or self.subject_fails or bool(self.failed_recipients)


def marks(message: Message, subject: str) -> Marks:
    """Collect the signs. Linear in the headers; the subject counts to 200 characters."""
    seen = Marks(subject=subject)
    to: list[str] = []
    for name, value in message.raw_items():
        kind = name.lower()
        if kind == "from":
            # A null From is not an address either: only servers write it.
            sender = str(value).lower()[:300]
            seen.from_daemon = DAEMON.search(sender) is not None or sender.strip() == "<>"
            seen.from_office = OFFICE.search(sender) is not None
        elif kind == "return-path":
            seen.null_path = seen.null_path or NULL_PATH.match(str(value).lower()) is not None
        elif kind == "content-type":
            seen.is_report = _is_report(str(value).lower()[:2000])
        elif kind == "x-failed-recipients":
            seen.failed_recipients += _addresses(str(value))
        elif kind == "to":
            to.append(str(value)[:2000])
    lowered = subject[:200].lower()
    seen.subject_fails = FAILS.match(lowered) is not None
    seen.is_answer = ANSWER.match(lowered) is not None
    # A person who forwards a bounce may enclose its report.
    seen.is_report = seen.is_report or (_has_report(message) and (seen.from_server or not seen.is_answer))
    if seen.suspect:
        seen.own_addresses = {address.lower() for _, address in getaddresses(to) if "@" in address}
    return seen


def _is_report(content_type: str) -> bool:
    kind = content_type.lstrip()
    return kind.startswith(("multipart/report", "message/delivery-status")) and "feedback-report" not in kind


def _has_report(message: Message) -> bool:
    """Some servers send the report in a multipart/mixed."""
    return any("delivery-status" in str(part.get("Content-Type", ""))[:200].lower() for part in children(message))


def _addresses(value: str) -> list[str]:
    return [part.strip(" \t\r\n<>").lower() for part in value[:20_000].split(",") if "@" in part]
