# Nachrichten zu einem Antrag, und die Sätze dazu, wo er steht.

fact-from = Von
fact-for = Für
fact-how-long = Wie lange
fact-flow = Zugriffsregel
fact-open-until = Offen bis
fact-approved = Genehmigt
fact-rejected = Abgelehnt
fact-since = Seit
fact-until = Bis
fact-ended = Beendet
fact-status = Status

quote-reason = Grund
quote-why = Wofür der Zugriff gebraucht wird
quote-justification = Begründung

ask-title = { $mark } Zugriffsantrag { $id }
ask-summary = { $who } beantragt Zugriff ({ $id })
ask-summary-decided = { $id }: { $outcome }
ask-why-you = Du wirst gefragt, weil diese Zugriffsregel so genehmigt wird: { $plan }.
ask-why-channel = Diese Zugriffsregel wird so genehmigt: { $plan }.

status-summary = { $id }: { $status }. { $standing }
standing-pending-mfa = Der Antrag wartet auf den Nachweis, dass du es bist.
standing-granting = { $approved } Der Zugriff wird eingerichtet.
standing-active = Der Zugriff ist eingerichtet.
standing-active-partly = Der Zugriff ist eingerichtet, aber { $count ->
    [one] 1 der beantragten Sachen konnte
   *[other] { $count } der beantragten Sachen konnten
} nicht vergeben werden.
standing-revoking = { $cause } Der Zugriff wird entzogen.
standing-revoking-late = { $cause } Der Zugriff wird entzogen. Das dauert länger als es sollte; die Admins wissen Bescheid.
standing-rejected = { $who } hat abgelehnt.
standing-expired = Die Zeit ist abgelaufen, der Zugriff ist weg.
standing-revoked = { $who } hat den Zugriff vorzeitig beendet; er ist weg.
standing-failed = Das hat nicht geklappt: { $why }. Es wurde nichts vergeben; du kannst es neu beantragen.
withdrawn = { $who } hat den Antrag zurückgezogen.

waiting = Der Antrag wartet auf { $names }.
waiting-more = { $count ->
    [one] Der Antrag wartet auf { $names } oder eine weitere Person.
   *[other] Der Antrag wartet auf { $names } oder { $count } weitere.
}
waiting-nobody = Zurzeit kann niemand den Antrag genehmigen; die Admins wissen Bescheid.

approved-by = Genehmigt von { $names }.
approved-by-flow = Von der Zugriffsregel genehmigt.
voter-own = { $name } (eigener Antrag, wie es die Zugriffsregel erlaubt)

actor-flow = Die Zugriffsregel
actor-clock = Die Uhr
actor-target = Das Zielsystem

cause-time-up = Die Zeit ist um.
cause-asked = { $who } hat den Zugriff beendet.
cause-undo = Die Einrichtung ist fehlgeschlagen: { $why }.

fault-nobody-decided = niemand hat rechtzeitig entschieden
fault-left-directory = die Person steht nicht mehr im Verzeichnis
fault-target-too-slow = das Zielsystem hat nicht rechtzeitig geantwortet

decided-approved = Schon genehmigt von { $names }.
decided-approved-by-flow = Schon von der Zugriffsregel genehmigt.
decided-rejected = Schon abgelehnt: { $who } hat entschieden.
decided-failed = Das hat nicht geklappt: { $why }.
decided-not-proved = Erst muss nachgewiesen werden, wer den Antrag gestellt hat.

active-title = ✅ Dein Zugriff ist bereit
active-title-revoking = 🔄 Dieser Zugriff wird entzogen
active-title-ended = Dieser Zugriff ist beendet
active-summary = Dein Zugriff ist bereit ({ $id })
active-summary-over = { $title } ({ $id }): { $status }
active-missing = Das konnte nicht vergeben werden. „Details“ zeigt alles, was das Zielsystem dazu sagt.
active-only-you = { $id } · nur du siehst, wie du dich verbindest
missing = { $item }: { $why }
missing-more = und { $count } weitere; „Details“ zeigt alle

ended-summary = { $id }: { $status }

alarm-title = 🚨 { $id } braucht einen Admin
alarm-title-over = { $id }: Der Alarm ist vorbei
alarm-still-there = Der Zugriff von { $id } müsste weg sein, aber das Zielsystem bestätigt es nicht. Hallpass versucht es weiter; sieh am Zielsystem oder im Protokoll des Dienstes nach.
alarm-gone = Der Zugriff von { $id } ist jetzt weg. Es ist nichts mehr zu tun.
alarm-end-stays = Das Zielsystem weigert sich, das Ende des Zugriffs von { $id } zu verschieben; er kann dort vor der unten genannten Zeit enden. Hallpass versucht es weiter; sieh am Zielsystem oder im Protokoll des Dienstes nach.
alarm-ended = Der Zugriff von { $id } ist zu Ende. Es ist nichts mehr zu tun.
alarm-nobody = Zurzeit kann niemand { $id } genehmigen: Die Genehmigenden sind nicht mehr da, haben den Antrag selbst gestellt, oder die Zugriffsregel wurde geändert. Ändere die Zugriffsregel oder das Verzeichnis, oder bitte darum, den Antrag zurückzuziehen.
alarm-waits-no-longer = { $id } wartet nicht mehr. Es ist nichts mehr zu tun.
