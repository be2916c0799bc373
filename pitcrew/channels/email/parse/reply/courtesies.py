"""The words people thank, greet, praise and close with, in many languages: pure data."""

from .languages import folded

THANKS = folded(
    """thank you|thanks|thankyou|thank u|thanx|thx|tnx|ty|cheers|many thanks|much appreciated|appreciate it
    |i appreciate it|we appreciate it|appreciated|i really appreciate it|greatly appreciated|danke
    |dankeschön|danke schön|danke sehr|vielen dank|besten dank|herzlichen dank|tausend dank|lieben dank
    |ich danke ihnen|ich danke dir|wir danken ihnen|dankend erhalten|merci|merci beaucoup|mille mercis
    |je vous remercie|nous vous remercions|un grand merci|merci bien|gracias|muchas gracias|mil gracias
    |muchísimas gracias|te lo agradezco|se lo agradezco|grazie|grazie mille|molte grazie|tante grazie
    |la ringrazio|ti ringrazio|vi ringrazio|obrigado|obrigada|muito obrigado|muito obrigada|agradeço
    |agradecido|bedankt|dank je|dank u|dank u wel|dankjewel|dankuwel|dank je wel|hartelijk dank
    |hartelijk bedankt|heel erg bedankt|tack|tack så mycket|tusen tack|stort tack|tackar|tak|mange tak
    |tusind tak|takk|tusen takk|mange takk|kiitos|paljon kiitoksia|kiitoksia|kiitos paljon
    |suuret kiitokset|dzięki|dziękuję|dziękuje|dziękujemy|bardzo dziękuję|serdecznie dziękuję
    |wielkie dzięki|dzieki|dziekuje|děkuji|děkuju|díky|mockrát děkuji|moc děkuji|děkujeme|ďakujem
    |ďakujeme|vďaka|köszönöm|köszönjük|nagyon köszönöm|köszi|спасибо|большое спасибо|спасибо большое
    |благодарю|благодарим|огромное спасибо|дякую|щиро дякую|дякуємо|благодаря|хвала|hvala|hvala lijepa
    |hvala lepa|najlepša hvala|mulțumesc|multumesc|mulțumim|mersi|teşekkürler|teşekkür ederim
    |teşekkür ederiz|çok teşekkürler|çok teşekkür ederim|tesekkurler|sağolun|sağ olun|ευχαριστώ
    |ευχαριστούμε|σας ευχαριστώ|aitäh|tänan|paldies|ačiū|dėkoju|gràcies|moltes gràcies|terima kasih
    |makasih|cảm ơn|cám ơn|xin cảm ơn|cảm ơn bạn|ありがとう|ありがとうございます|ありがとうございました
    |どうもありがとうございます|どうもありがとうございました|感謝します|谢谢|謝謝|多谢|非常感谢|谢谢你
    |谢谢您|謝謝您|感谢|감사합니다|고맙습니다|감사드립니다|شكرا|شكرا جزيلا|شكراً|תודה|תודה רבה|ขอบคุณ
    |ขอบคุณครับ|ขอบคุณค่ะ"""
)

FILLER = folded(
    """so much|very much|a lot|again|a million|a ton|a bunch|lots|all|everyone|team|guys|once again|indeed
    |kindly|also|for your help|for the help|for all your help|for all the help|for your quick help
    |for helping|for helping me|for helping us|for your support|for the support|for the great support
    |for your quick support|for your time|for the quick reply|for your reply|for the reply
    |for your quick reply|for the fast reply|for your prompt reply|for the quick response
    |for your response|for the response|for your quick response|for your prompt response
    |for the prompt response|for your fast response|for the info|for the information|for the update
    |for the answer|for your answer|for letting me know|for the clarification|for your patience
    |for everything|for that|for this|for your assistance|for the assistance|for your email
    |for your message|for your kind help|for the quick help|for the fast help|for your efforts
    |have a great day|have a nice day|have a good day|have a great weekend|have a nice weekend
    |have a good weekend|have a good one|you too|perfect|great|awesome|excellent|wonderful|brilliant
    |fantastic|amazing|super|cool|nice|lovely|ok|okay|alright|got it|received|noted|understood|will do
    |no problem|that worked|it worked|it works|works|it works now|works now|works great|works perfectly
    |that works|that helped|that did it|that did the trick|that fixed it|fixed|all good|all good now
    |all set|problem solved|solved|resolved|you are the best|you re the best|you're the best|you rock
    |and|to you|sehr|vielmals|nochmals|nochmal|für ihre hilfe|für die hilfe|für deine hilfe
    |für die schnelle hilfe|für ihre schnelle hilfe|für die schnelle antwort|für ihre antwort
    |für die antwort|für die rückmeldung|für ihre rückmeldung|für die info|für die information
    |für die informationen|für die schnelle rückmeldung|für ihre unterstützung|für die unterstützung
    |für alles|für ihre mühe|für ihre bemühungen|schönes wochenende|schönen tag|schönen tag noch
    |einen schönen tag|prima|perfekt|klasse|toll|wunderbar|alles klar|in ordnung|passt|hat geklappt
    |hat funktioniert|funktioniert|es funktioniert|es funktioniert jetzt|jetzt funktioniert es
    |alles bestens|ihnen|dir|euch|und|schon|pour votre aide|pour ton aide|pour votre réponse
    |pour votre retour|pour l'information|pour l’information|pour tout|pour votre réactivité
    |pour votre réponse rapide|pour votre soutien|bonne journée|bonne soirée|bon week-end|parfait|génial
    |c'est parfait|ça marche|d'accord|à vous|encore|infiniment|bien reçu|et|pour l'info|por su ayuda
    |por tu ayuda|por la ayuda|por la respuesta|por su respuesta|por la información|por todo
    |por la rápida respuesta|perfecto|genial|excelente|estupendo|vale|de nuevo|saludos|un saludo
    |buen día|que tenga buen día|y|por su tiempo|per l'aiuto|per il supporto|per la risposta
    |per il tuo aiuto|per il vostro aiuto|per la disponibilità|perfetto|ottimo|di tutto|ancora
    |buona giornata|buona serata|e|per l'informazione|pela ajuda|pela resposta|pela sua ajuda|pelo apoio
    |pela informação|por tudo|perfeito|ótimo|bom dia|boa tarde|mais uma vez|voor je hulp|voor uw hulp
    |voor de hulp|voor de snelle reactie|voor je reactie|voor uw reactie|voor de info|voor het antwoord
    |voor de informatie|fijne dag|fijn weekend|fijne dag nog|helemaal goed|top|heel erg|nogmaals
    |alvast een fijne dag|så mycket|för hjälpen|för din hjälp|för svaret|för snabbt svar|for hjælpen
    |for svar|for svaret|for hurtigt svar|for hjelpen|for din hjelp|ha en fin dag|ha en bra dag
    |ha det bra|hav en god dag|god weekend|trevlig helg|supert|toppen|avusta|avustasi|vastauksesta
    |nopeasta vastauksesta|hyvää päivänjatkoa|hyvää viikonloppua|za pomoc|za odpowiedź
    |za szybką odpowiedź|za informację|bardzo|miłego dnia|za odpověď|za rychlou odpověď|moc|mockrát
    |za odpoveď|pekný deň|hezký den|a segítséget|a segítségét|a választ|a gyors választ|szépen|nagyon
    |за помощь|за ответ|за быстрый ответ|за информацию|большое|огромное|вам|отлично|хорошо|всё работает
    |все работает|заработало|за допомогу|за відповідь|чудово|дуже|pentru ajutor|pentru răspuns|frumos
    |mult|za pomoć|za odgovor|puno|yardımınız için|cevabınız için|ilginiz için|çok|πολύ|για τη βοήθεια
    |για την απάντηση|了解しました|承知しました|助かりました|好的|收到|네|알겠습니다"""
)

GREETINGS = folded(
    """hi|hello|hey|dear|good morning|good afternoon|good evening|greetings|hallo|guten tag|guten morgen
    |guten abend|liebe|lieber|sehr geehrte|sehr geehrter|servus|moin|grüezi|bonjour|bonsoir|cher|chère
    |salut|hola|buenos días|buenas tardes|estimado|estimada|buongiorno|buonasera|ciao|salve|gentile|olá
    |prezado|prezada|oi|beste|geachte|goedemorgen|goedemiddag|dag|hej|hejsan|hei|god dag|hyvää päivää
    |moi|cześć|dzień dobry|witam|dobrý den|dobrý deň|ahoj|szia|jó napot|tisztelt|здравствуйте
    |добрый день|привет|вітаю|доброго дня|здравей|zdravo|bok|pozdravljeni|bună ziua|bună|merhaba|selam
    |iyi günler|sayın|γεια σας|καλημέρα|xin chào|chào|halo|selamat pagi|こんにちは|您好|你好|안녕하세요"""
)

CLOSINGS = folded(
    """best regards|kind regards|regards|warm regards|with best regards|with kind regards|best wishes|best
    |sincerely|cheers|yours sincerely|yours|all the best|take care|br|kr|rgds|many regards
    |mit freundlichen grüßen|mit freundlichen grüssen|freundliche grüße|freundliche grüsse|viele grüße
    |viele grüsse|liebe grüße|liebe grüsse|beste grüße|schöne grüße|mfg|lg|vg|gruß|grüße|gruss
    |herzliche grüße|cordialement|bien cordialement|salutations|bien à vous|amicalement|saludos
    |un saludo|saludos cordiales|atentamente|un abrazo|cordiali saluti|saluti|distinti saluti|un saluto
    |atenciosamente|cumprimentos|com os melhores cumprimentos|abraço|abraços|met vriendelijke groet
    |met vriendelijke groeten|vriendelijke groet|groeten|groet|groetjes|mvg|vänliga hälsningar
    |med vänliga hälsningar|med vänlig hälsning|mvh|hälsningar|vh|med venlig hilsen|venlig hilsen
    |med vennlig hilsen|vennlig hilsen|hilsen|kh|ystävällisin terveisin|terveisin|t|pozdrawiam
    |z poważaniem|pozdrawiam serdecznie|s pozdravem|s pozdravom|pozdrav|üdvözlettel|üdv|с уважением
    |з повагою|с поздрави|lp|lep pozdrav|cu stima|cu respect|o zi bună|saygılarımla|iyi çalışmalar
    |με εκτίμηση|trân trọng|salam|以上|よろしくお願いします|よろしくお願いいたします
    |宜しくお願い致します|此致|敬礼"""
)
