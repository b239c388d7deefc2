# Die Webseiten: was um jede herum steht, ein Antrag, die Listen.

page-skip = Zum Inhalt
page-ways = Seiten
page-home = Übersicht
page-sign-out = Abmelden
page-foot = Alle Zeiten in UTC.
page-to-home = Zur Übersicht
page-not-found = Nicht gefunden
page-not-found-line = Diese Seite gibt es nicht, oder sie ist nicht für dich bestimmt.
page-sorry = Das hat nicht geklappt
page-form-old = Dieses Formular kam von anderswo oder war zu lange offen. Öffne die Seite neu und versuche es noch einmal.

page-decide = Entscheiden
page-decide-on = Über { $id } entscheiden
page-decide-line = Wenn du genehmigst, bekommt { $grantee } dies für { $duration }, sobald alle zugestimmt haben, die zustimmen müssen.
page-reason-needed = Eine Begründung ist nötig. Wer den Antrag gestellt hat, liest sie.
page-reason-hint = Zum Ablehnen nötig; wer den Antrag gestellt hat, liest es.
page-what = Was beantragt ist
page-acts = Was du tun kannst
page-approvals = Genehmigungen
page-timeline = Was geschah
page-button-of = { $label }: { $id }
page-all = Alle zeigen
page-all-of = Alle zeigen: { $list }
page-filter = Zeigen
page-pages = Seiten dieser Liste

page-done-approved = Du hast genehmigt.
page-done-rejected = Du hast abgelehnt.
page-done-cancelled = Der Antrag ist zurückgezogen.
page-done-ended = Der Zugriff wird beendet. Der Status unten ändert sich, sobald er weg ist.
page-done-extended = Der Zugriff gilt jetzt länger.
page-done-starred = Zu deinen Favoriten hinzugefügt.
page-done-unstarred = Aus deinen Favoriten entfernt.
page-done-signed-out = Du bist abgemeldet.

# Anmelden.

sign-in-title = Wer bist du?
sign-in-named = Dieser Link ist für die Person mit der Adresse { $address }. Lass dir einen Code an diese Adresse schicken, um weiterzumachen.
sign-in-send = Code schicken
sign-in-address = Deine E-Mail-Adresse
sign-in-address-hint = Die, unter der deine Firma dich kennt. Wenn Hallpass sie kennt, kommt innerhalb einer Minute ein Code.
sign-in-provider = Mit { $name } anmelden
sign-in-old-link = Dieser Link ist zu alt oder unvollständig. Melde dich stattdessen mit deiner Adresse an.
sign-in-over = Bitte melde dich noch einmal an: Das letzte Mal ist zu lange her.
sign-in-not-done = Du wurdest inzwischen abgemeldet, und es ist nichts geschehen. Bitte melde dich noch einmal an.
sign-in-busy = Gerade werden mehr Codes angefordert, als E-Mails hinausgehen. Bitte versuche es in einer Minute noch einmal.
sign-in-signed-out-of-us = Du bist bei Hallpass abgemeldet. { $name } kennt diesen Browser vielleicht noch; melde dich auch dort ab, wenn andere ihn benutzen.
sign-in-unknown = Hallpass kennt dich nicht, oder nicht als aktiv. Bitte frag die Admins, was im Verzeichnis steht.
sign-in-provider-failed = Die Anmeldung hat nicht geklappt. Bitte versuche es noch einmal.
sign-in-code-title = Schau in deine E-Mails
sign-in-code-line = Wenn Hallpass die Adresse kennt, ist ein Code aus sechs Ziffern dorthin unterwegs. Er gilt zehn Minuten, und nur in diesem Browser.
sign-in-code = Code
sign-in-code-hint = Keine E-Mail? In einer Viertelstunde werden höchstens drei Codes verschickt.
sign-in-again = Noch einen anfordern
sign-in-enter = Weiter
sign-in-wrong-code = Dieser Code passt nicht. Vielleicht ist er vertippt, älter als zehn Minuten, schon benutzt oder zu oft versucht; fordere im Zweifel einen neuen an. Wenn heute keiner mehr passt, wende dich an einen Admin.

# Das Antragsformular.

page-form-ways = Wege zur Auswahl
page-form-change = Ändern
page-form-words = Suchwörter
page-form-search = Suchen
page-form-remove = { $item } entfernen
page-form-look = Prüfen, was ich schrieb
page-form-live = { $id } gibt oder beantragt dasselbe
