# Was nur Teams zeigt.

teams-review = Ansehen
teams-heading = { $mark } { $id } · { $status }
teams-time = { $day }, { $clock }
teams-open = Zeigen: { $what }
teams-tick-to-remove = Ankreuzen, was nicht gebraucht wird
teams-remove = Angekreuztes entfernen
teams-remove-all = Alles entfernen

teams-form = Sag mir, was du brauchst; das Formular führt dich.
teams-form-filled = Das Formular ist ausgefüllt, soweit ich dich verstanden habe. Sieh es durch und schick es ab.
teams-open-form = Formular öffnen
teams-again = { $id } kann erneut angefragt werden; sag, warum du es dieses Mal brauchst.
teams-revoke = Zugriff von { $id } beenden? Du wirst noch einmal gefragt, bevor er entzogen wird.
teams-too-much = Das ist mehr, als Teams an einer Stelle zeigen kann. Schreib help für alles Weitere.
teams-nothing-left = Hier ist nichts mehr zu wählen
teams-nobody-left = Niemand
teams-more = Mehr als diese: beim Tippen suchen
teams-slow = Das dauert länger als sonst. Was daraus wird, folgt als Nachricht von mir.
teams-done = Erledigt. Wie es jetzt steht, sagen die Nachrichten.
teams-retry = Noch einmal versuchen
teams-slow-secret = Das dauert länger als sonst. Ich schreibe dir hier, sobald es bereit ist.
teams-ready = Es ist bereit: Drücke noch einmal „Verbinden“. Was geheim ist, wird dort gezeigt und nie hierher geschrieben.
