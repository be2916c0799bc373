"""Words of customer service that mean one thing, English and German, a bar between two groups.

They are general: nothing of one company is in them. What a company calls its things is learnt from what was linked.
"""

_GROUPS = """
arrive arrived arriving come came reach reached receive received turn delivered delivery deliver angekommen
ankommen angekommene erhalten bekommen eingetroffen eintreffen geliefert zugestellt lieferung zustellung
gekommen kam | send sent shipped ship dispatched dispatch posted mailed shipping versendet verschickt geschickt
gesendet versand abgeschickt schicken senden | card cards karte karten plastic bankkarte kreditkarte debitcard |
charge charged debit debited deducted billed withdrawn taken abgebucht belastet eingezogen abbuchung abgezogen
berechnet lastschrift gebucht | twice double doubled duplicate duplicated doppelt zweimal zweifach mehrfach |
refund refunded reimbursed reimbursement moneyback erstattung erstattet ruckerstattung gutschrift gutgeschrieben
zuruckerstattet ruckzahlung zuruckgezahlt | invoice invoices bill bills billing statement receipt rechnung
rechnungen beleg quittung abrechnung | password passwords passcode kennwort passwort kennworter passworter
passphrase | login log logging signin sign signing logon anmelden anmeldung einloggen einwahlen eingeloggt
angemeldet | logout logged kicked thrown abgemeldet ausgeloggt rausgeworfen rausgeschmissen hinausgeworfen |
crash crashes crashed crashing quits closes abgesturzt absturz absturzt sturzt schliesst beendet | freeze
freezes frozen hangs hang stuck eingefroren hangt friert haengt einfrieren | slow slowly sluggish crawl crawls
lag lagging laggy takes langsam trage dauert ewig zah | app apps application anwendung applikation mobile |
website site webpage webseite homepage internetseite portal onlineportal | page pages screen display seite
bildschirm anzeige ansicht | error errors fault fehler fehlermeldung fehlercode meldung | blank empty white leer
weiss leere weisse | wrong incorrect mistaken falsch falsche falscher falschen inkorrekt fehlerhaft unrichtig |
broken defective damaged damage cracked kaputt defekt beschadigt zerbrochen gebrochen | missing lacks lost
vanished disappeared gone fehlt fehlen fehlende verschwunden weg verloren | address addresses adresse anschrift
adressen wohnadresse | moved relocated umgezogen umzug | name surname nachname namen | mail email emails mails
inbox postfach nachricht | letter letters post brief briefe postalisch | code codes sms otp tan token
verification einmalcode bestatigungscode verifizierung | confirmation confirm confirmed bestatigung bestatigt
bestatigen | cancel cancelled cancellation terminate kundigen kundigung storno storniert stornieren gekundigt
abbestellt abbestellen | subscription subscriptions abo abonnement mitgliedschaft membership plan tarif | price
prices cost costs fee fees tariff preis kosten gebuhr gebuhren | amount sum total betrag summe gesamt | currency
exchange rate wechselkurs wahrung kurs umrechnung | transfer transfers wire remittance uberweisung uberweisen
uberwiesen | payment pay paid paying zahlung bezahlen bezahlt zahlen zahle | order orders ordered purchase
bestellung bestellt bestellen kauf gekauft | parcel package packages paket pakete sendung packchen box | courier
carrier kurier bote paketdienst spediteur driver fahrer zusteller | tracking track trace sendungsverfolgung
verfolgung nachverfolgung | voucher coupon discount promo gutschein rabatt rabattcode gutscheincode | declined
decline rejected reject refused abgelehnt zuruckgewiesen verweigert ablehnung | blocked locked block lock
suspended gesperrt blockiert sperre sperrung | limit limits limited grenze obergrenze verfugungsrahmen | account
accounts konto konten benutzerkonto | balance saldo kontostand guthaben | download downloads downloading
herunterladen runterladen heruntergeladen | upload uploads uploading attach hochladen hochgeladen | printer
print printed printing drucker drucken gedruckt ausdruck | update updated upgrade version aktualisierung
aktualisiert | install installation installed installieren installiert | router modem box | internet connection
connect connected disconnects offline verbindung verbinden verbunden netz wlan wifi | phone telephone handy
telefon mobiltelefon smartphone | call calls hotline rufnummer anrufen | battery charging akku batterie laden
ladt | notification notifications push alert alerts benachrichtigung benachrichtigungen mitteilung | calendar
appointment appointments termin termine kalender | date deadline datum frist | language sprache | photo picture
pictures image photos bild bilder foto fotos | document documents file files pdf dokument dokumente datei
dateien unterlagen | contract agreement vertrag vertrage | insurance policy versicherung police | form formular
antrag application | button knopf schaltflache taste | search suche suchen finden | ticket tickets fahrkarte
karte fahrschein | train bus zug bahn | seat seats sitz platz sitzplatz | flight plane flug | room hotel zimmer
| booking book booked reservation buchung reserviert reservierung | points loyalty miles punkte treuepunkte
meilen bonus | gift geschenk geschenkt | size sizes grosse grossen | color colour farbe | noise loud laut
gerausch | water wasser | heating heat heizung | electricity power strom | meter zahler | lamp light licht lampe
| door tur | key keys schlussel | cold kalt | hot heiss warm uberhitzt overheats overheating | smell smells
riecht geruch stinkt | leak leaks leaking undicht tropft lauft | reset zurucksetzen zuruckgesetzt | expired
expires expire abgelaufen ablauf verfallen | invalid ungultig | restart restarts reboot reboots restarted
rebooting neustart startet neugestartet bootet | night midnight overnight nachts nacht mitternacht | evening
abends abend | morning morgens fruh fruhmorgens | garble garbles garbled scrambled mangled zerstort verstummelt
kaputtgemacht | special sonderzeichen umlaut umlauts umlaute | covers cover hides hide hidden overlaps verdeckt
uberdeckt versteckt bedeckt | invisible unreadable unsichtbar unlesbar unleserlich | flat empty drained drains
discharged entladt leer | zero null | flicker flickers blink blinks blinking flashing flackert blinkt | puddle
drip drips dripping pfutze tropfen | burn burned burning burnt verbrannt verbrennt | rotated rotate turned
upside gedreht verdreht kopf | shift shifted late early verschoben versetzt verspatet | delayed delay late
verspatung verzogert spat | stranger neighbour nachbar fremder unbekannter | bounce bounced returned
zuruckgekommen zuruck | stop stops stopped ends ended halts bricht abgebrochen beenden endet | unsubscribe
unsubscribed abbestellen abmelden abmeldelink opted | rejoin recognise recognised recognized erkannt erkennt |
mute silent sound ton stumm lautlos audio | withered wilted limp verwelkt welk | thawed melted aufgetaut
geschmolzen getaut | luggage baggage suitcase suitcases bag gepack koffer | swallowed swallow eingezogen
behalten einbehalten | squeal squeals screech screeches quietscht quietschen | streak streaks stripe stripes
streifen | wages payroll lohne | pharmacy chemist apotheke | licence license fuhrerschein | spreadsheet excel
csv tabelle | fuel petrol gas pump tanken tankstelle zapfsaule | landlord rent miete vermieter | hour hours
stunde stunden | minute minutes minuten | sole soles sohle | label labels etikett tag | duplicate dublette |
sync synchronise synchronize synchronisation synchronisiert abgleich | export exportieren exportiert | import
importieren importiert | tax vat steuer mehrwertsteuer mwst umsatzsteuer | bank banking | iban bic | salary wage
gehalt lohn | child kid kids kind kinder | doctor arzt praxis | prescription rezept | medicine medikament | shop
store laden geschaft filiale branch | checkout till cashier kasse register | terminal atm cashmachine
geldautomat automat bankomat | cash bargeld | stolen theft geklaut gestohlen diebstahl | return returned returns
rucksendung retoure zuruckgeschickt zuruckgesendet | exchange exchanged replace replacement umtausch ersatz
austausch umgetauscht | warranty guarantee garantie gewahrleistung | old outdated alt veraltet | new neu neue
neuen neues
"""
MEANINGS: tuple[str, ...] = tuple(group.strip() for group in _GROUPS.split("|"))
