"""The words mail programs put around quoted, forwarded and signed text, in many languages.

Pure data: what each word is used for is decided in the modules beside this one. Everything is stored
case-folded. Sources: the localised strings of Apple Mail, Gmail, Outlook, Thunderbird and Yahoo Mail as
they appear in mail, and the rules of talon, email_reply_trimmer and email-forward-parser.
"""


def fold(phrase: str) -> str:
    """A phrase made comparable: case-folded, and the Turkish dotted capital as a plain one."""
    return phrase.strip().casefold().replace("i\u0307", "i")


def folded(words: str) -> frozenset[str]:
    """The entries of a list written with bars between them, made comparable.

    `words` is the list; the result holds each entry stripped and case-folded.
    """
    return frozenset(fold(entry) for entry in words.split("|") if entry.strip())


_LABELS = {
    "from": """from|de|von|van|da|fra|från|od|lähettäjä|feladó|šalje|mittente|nadawca|expeditor|expeditorul|de la
    |отправитель|от|от кого|від|від кого|відправник|kimden|gönderen|saatja|sender|差出人|送信元|送信者
    |发件人|發件人|寄件人|寄件者|보낸 사람|보낸사람|보낸이|người gửi|từ|dari|pengirim|από|nuo|siuntėjas
    |expéditeur|remitente|remetente|absender|afsender|avsender|avsändare|afzender|pošiljatelj|pošiljalac
    |odosielateľ|odesílatel|подател|изпращач|מאת|من|จาก|envoyé par|gesendet von|saatis""",
    "to": """to|an|à|a|aan|para|til|till|komu|do|címzett|vastaanottaja|destinatario|destinatário|destinataire
    |destinatar|destinatarul|către|catre|pre|prima|кому|до|получатель|одержувач|kime|alıcı|宛先|送信先
    |收件人|받는 사람|받는사람|받는이|đến|tới|người nhận|kepada|προς|pour|adresat|empfänger|ontvanger
    |mottaker|modtager|mottagare|saaja|kellele|kam|za|naar|אל|إلى|ถึง|prejemnik|до кого|la|primatelj""",
    "cc": """cc|bcc|copia|copie|kopie|kopi|kopia|kópia|kópie|copie à|copia carbone|bilgi|másolat|másolatot kap
    |kopio|копия|копія|抄送|副本|참조|숨은 참조|dw|udw|đồng kính gửi|κοιν|κοιν.|κοινοποίηση|cci|cco|bk
    |blind copy|skrytá kopie|العنوان|עותק|ccn|kopija|koopia|c.c.|dow""",
    "date": """date|sent|datum|data|fecha|enviado|enviado el|enviada em|enviado em|enviada|gesendet|verzonden|sendt
    |dato|skickat|wysłano|wysłane|data wysłania|odesláno|odoslané|dátum|elküldve|küldve|päivä|päiväys
    |päivämäärä|lähetetty|дата|отправлено|надіслано|tarih|gönderilme tarihi|gönderildi|gönderme tarihi
    |日付|日時|送信日時|发送时间|發送時間|发送日期|日期|傳送日期|寄件日期|时间|날짜|보낸 날짜|보낸날짜
    |보낸 시간|ngày|đã gửi|gửi|tanggal|dikirim|ημερομηνία|στάλθηκε|kuupäev|saadetud|trimis|trimis la
    |data trimiterii|inviato|inviata|envoyé|envoyé le|envoyée|message du|poslano|poslato|datums
    |изпратено|תאריך|נשלח|التاريخ|تم الإرسال|วันที่|ส่ง|le|data invio|geschickt|date d'envoi|sent on
    |sent at""",
    "subject": """subject|betreff|objet|sujet|oggetto|asunto|assunto|onderwerp|emne|ämne|aihe|temat|předmět|predmet
    |naslov|tárgy|subiect|subiectul|тема|konu|件名|主题|主旨|主題|제목|chủ đề|tiêu đề|subjek|perihal
    |θέμα|pealkiri|teema|tēma|tema|zadeva|относно|נושא|الموضوع|เรื่อง|assumpte|motiv""",
    "other": """reply-to|reply to|répondre à|antwort an|rispondi a|risposta|responder a|beantwoorden - aan
    |importance|wichtigkeit|priority|priorität|attachments|anlagen|anhang|pièces jointes|importanza
    |importancia|allegati|bijlagen|organization|message-id|sensitivity|prioritet|vigtighed|cr
    |organisation|newsgroups""",
}

HEADER_ROLE = {label: role for role, labels in _LABELS.items() for label in folded(labels)}

FORWARD_PHRASES = folded(
    """forwarded message|forwarded email|forward message|forwarded mail|weitergeleitete nachricht
    |weitergeleitete mail|weitergeleitete e-mail|message transféré|message transmis|message réexpédié
    |message suivi|mensaje reenviado|mensaje transmitido|messaggio inoltrato|mensagem reencaminhada
    |mensagem encaminhada|doorgestuurd bericht|videresendt meddelelse|videresendt melding
    |videresendt besked|vidarebefordrat meddelande|vidarebefordrat mejl|edelleenlähetetty viesti
    |välitetty viesti|välitetty viesti / fwd.msg|přeposlaná zpráva|preposlaná správa
    |preposlaná správa --- forwarded message|továbbított üzenet|továbbított levél|przekazana wiadomość
    |treść przekazanej wiadomości|wiadomość przekazana dalej|mesaj redirecționat|mesaj redirectionat
    |mesaj retransmis|mesaj transmis mai departe|пересылаемое сообщение|пересланное сообщение
    |перенаправленное сообщение|переадресованное сообщение|переслане повідомлення
    |перенаправлене повідомлення|iletilmiş mesaj|iletilen ileti|yönlendirilmiş mesaj|yönlendirilen ileti
    |proslijeđena poruka|prosleđena poruka|posredovano sporočilo|edastatud kiri|edastatud sõnum
    |persiųstas laiškas|pārsūtīts ziņojums|προωθημένο μήνυμα|препратено съобщение|missatge reenviat
    |thư được chuyển tiếp|tin nhắn được chuyển tiếp|pesan terusan|pesan yang diteruskan|転送メッセージ
    |転送されたメッセージ|メッセージを転送|转发的邮件|转发邮件|轉寄郵件|轉寄的郵件|已转发邮件|已轉寄郵件
    |전달된 메시지|전달된 메일|הודעה שהועברה|رسالة معاد توجيهها|ข้อความที่ส่งต่อ"""
)

FORWARD_OPENINGS = folded(
    """begin forwarded message|forwarded message|začátek přeposílané zprávy|start på videresendt besked
    |anfang der weitergeleiteten nachricht|anfang der weitergeleiteten e-mail
    |inicio del mensaje reenviado|välitetty viesti alkaa|début du message réexpédié
    |début du message transféré|započni proslijeđenu poruku|továbbított levél kezdete
    |inizio messaggio inoltrato|begin doorgestuurd bericht|videresendt melding
    |start på videresendt melding|początek przekazywanej wiadomości|początek przekazanej wiadomości
    |início da mensagem reencaminhada|início da mensagem encaminhada|începe mesajul redirecționat
    |începutul mesajului redirecționat|начало переадресованного сообщения|начало пересылаемого сообщения
    |začiatok preposlanej správy|vidarebefordrat mejl|vidarebefordrat brev
    |börja vidarebefordrat meddelande|ileti başlangıcı|iletilen mesaj başlangıcı
    |початок листа, що пересилається|αρχή προωθημένου μηνύματος|αρχή του προωθούμενου μηνύματος
    |inici del missatge reenviat|bắt đầu thư được chuyển tiếp|mulai pesan terusan|転送されたメッセージ
    |下記は転送されたメッセージ|以下は転送されたメッセージです|开始转发的邮件|以下是转发的邮件
    |開始轉寄郵件|전달된 메시지 시작|전달된 메시지|תחילת ההודעה שהועברה|بدء الرسالة المعاد توجيهها"""
)

ORIGINAL_PHRASES = folded(
    """original message|reply message|original email|original e-mail|original mail|original appointment
    |mail original|mail d'origine
    |previous message|ursprüngliche nachricht|originalnachricht|original-nachricht|original nachricht
    |antwort nachricht|ursprüngliche mail|ursprüngliche e-mail|originalmail|ursprünglicher termin
    |message d'origine|message d’origine|message original|message initial|courriel original
    |mensaje original|mensaje de origen|mensagem original|messaggio originale|messaggio originario
    |oorspronkelijk bericht|origineel bericht|oorspronkelijke bericht|oprindelig meddelelse
    |original meddelelse|oprindelig besked|opprinnelig melding|original melding|opprinnelig e-post
    |ursprungligt meddelande|originalmeddelande|originalmeddelandet|ursprungligt mejl
    |alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość|wiadomość pierwotna|původní zpráva
    |původní e-mail|pôvodná správa|eredeti üzenet|исходное сообщение|оригинальное сообщение
    |первоначальное сообщение|оригінальне повідомлення|початкове повідомлення|вихідне повідомлення
    |оригинално съобщение|първоначално съобщение|orijinal mesaj|orjinal mesaj|özgün ileti|asıl ileti
    |αρχικό μήνυμα|mesaj original|mesajul original|mesaj inițial|originalna poruka|izvorna poruka
    |оригинална порука|izvirno sporočilo|algne kiri|algne sõnum|originalus laiškas|sākotnējais ziņojums
    |missatge original|tin nhắn gốc|thư gốc|pesan asli|元のメッセージ|原始邮件|原始郵件|原邮件|邮件原件
    |원본 메시지|원본 메일|원본메일|الرسالة الأصلية|הודעה מקורית|ข้อความต้นฉบับ"""
)

FORWARD_PREFIXES = folded(
    "fw|fwd|wg|tr|rv|enc|i|vs|vl|vb|pd|ilt|redir.|redir|videresend|videresendt|továbbítás|προωθ|прθ"
    "|转发|轉寄|転送|전달|doorst|fs|trs|réexp|reexp|inoltra|отпр|перес|пересл|reenviado|encaminhado|mb|rd"
)

OPENERS = folded(
    """on|at|in message|in a message dated|le|el|il|il giorno|em|no dia|a|am|op|den|på|w dniu|dnia|dne|dňa
    |dna|în|in|pe|la|la data de|στις|vào|vào lúc|lúc|pada|в|на|u|dana|в сообщении от|ב|في|ons|il dì|d."""
)

WROTE = folded(
    """wrote|writes|a écrit|a ecrit|écrit|écrivait|nous a dit|schrieb|schrieben|geschrieben|schrieben sie
    |escribió|escribio|escribía|ha escrito|ha scritto|scritto|scrive|escreveu|escrevia|schreef
    |geschreven|skrev|følgende|kirjoitti|napisał|napisała|napisał(a)|napisał/a|napisali|pisze|napsal
    |napsala|napsal(a)|píše|napísal|napísala|napísal(a)|písal|írta|написал|написала|написал(а)|пишет
    |писал|писал(а)|написав|пише|написа|yazdı|şunu yazdı|έγραψε|έγραψαν|a scris|napisao|napisao/la
    |napisala|je napisal|kirjutas|rašė|parašė|rakstīja|va escriure|ha escrit|đã viết|menulis|skrifaði
    |idatzi zuen|scríobh|كتب|כתב|כתבה|נכתב"""
)

# Languages written without spaces: the word may stand against its neighbours.
WROTE_UNSPACED = (
    "写道",
    "寫道",
    "のメッセージ",
    "のメール",
    "書きました",
    "作成",
    "작성",
    "님이 씀",
    "쓴 글",
    "เขียน",
    "نوشت",
)

DEVICES = folded(
    """iphone|ipad|ipod|android|phone|smartphone|mobile|mobil|handy|blackberry|samsung|galaxy|outlook|mail
    |yahoo|windows|huawei|nokia|lumia|xiaomi|redmi|oneplus|pixel|mobiltelefon|téléphone|telefon|telefono
    |teléfono|móvil|celular|gmx|web.de|gmail|protonmail|proton|airmail|spark|bluemail|typeapp|tablet|htc
    |sony|xperia|lg|motorola|moto|gsm|mobiel|mobilgerät|mobilgeräte|tutanota|aquamail|k-9|superhuman
    |boxer|newton|front|laptop|macbook|mac|iphonesta|puhelimesta|телефона|айфона|смартфона|verizon|at&t
    |t-mobile|thunderbird|sailfish|fairphone|oppo"""
)
