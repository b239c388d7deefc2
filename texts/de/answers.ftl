# Was geantwortet wird, wenn etwas nicht geht, und warum.

late = { $id }: { $status }. { $why }
late-pending = Zurückziehen geht mit { $command } cancel { $id }.
late-granting = Wer den Antrag gestellt hat, erfährt, wenn der Zugriff bereit ist.
late-active = Vorzeitig beenden geht mit { $command } revoke { $id }.
late-revoking = Wer den Antrag gestellt hat, erfährt, wenn der Zugriff weg ist.
late-over = Für dich ist nichts mehr zu tun.
happened-at = Das war am { $day }.{ $month }.{ $year } um { $time } UTC.

# Diese stehen nach einem Status und einem Punkt.
why-not-time-to-decide-over = Die Zeit zum Entscheiden ist abgelaufen.
why-not-time-to-decide-not-over = Die Zeit zum Entscheiden ist noch nicht abgelaufen.
why-not-no-proof-awaited = Hier wird auf keinen Nachweis gewartet.
why-not-proved = Erst muss nachgewiesen werden, wer den Antrag gestellt hat.
why-not-waiting = Hier wird auf keine Entscheidung mehr gewartet.
why-not-pending = Nur ein offener Antrag lässt sich zurückziehen.
why-not-target-at-work = Das Zielsystem darf sich noch etwas Zeit lassen.
why-not-nothing-given = Hier wird kein Zugriff eingerichtet.
why-not-extended-too-late = Zugriff lässt sich nur vor seinem Ende verlängern, und um mehr als nichts.
why-not-active = Nur aktiver Zugriff lässt sich verlängern.
why-not-end-told = Das Ende wurde schon angekündigt.
why-not-end-not-near = Das Ende ist nicht nah, oder schon vorbei.
why-not-no-end-nears = Nur aktiver Zugriff nähert sich seinem Ende.
why-not-already-revoking = Der Zugriff wird schon entzogen.
why-not-at-its-end = Der Zugriff ist noch nicht an seinem Ende.
why-not-no-access = Hier gibt es keinen Zugriff, der sich entziehen ließe.
why-not-admins-know = Die Admins wissen schon Bescheid.
why-not-removal-at-work = Das Entziehen darf noch etwas dauern.
why-not-nothing-taken = Hier wird kein Zugriff entzogen.
why-not-over = Neu beantragen lässt er sich, sobald er vorbei ist.
why-not-connectable = Wie du dich verbindest, siehst du, solange der Zugriff aktiv ist.

error-not-found = Diesen Antrag gibt es nicht. Prüfe die Nummer; die Listen zeigen alle, die du sehen darfst.
error-not-theirs = Das kann nur, wer den Antrag gestellt hat, oder ein Admin. Bitte jemanden davon darum.
error-theirs-alone = Das kann nur { $name }: von dort kam der Antrag für dich.
error-nothing-left = Nichts aus { $id } lässt sich heute beantragen; die Zugriffsregeln oder die Systeme haben sich geändert. Wähle mit „Neuer Antrag“ neu aus, oder frage einen Admin.
error-not-favourite = Nur was du selbst beantragt hast, kann ein Favorit sein.
error-form-gone = Dieses Formular lag länger als einen Tag unberührt; beginne ein neues.
error-crowded = Dieses Formular wurde im selben Moment woanders geändert, deshalb hat sich hier nichts geändert; bitte versuche es noch einmal.
error-ours = Bei uns ist etwas schiefgegangen. Es wurde nichts geändert; bitte versuche es noch einmal.
error-slow = Das dauert länger als sonst. Sende es gleich noch einmal: Nichts geschieht doppelt.
error-view = Slack kann das nicht zeigen: Es ist mehr, als in eine Ansicht passt. Meine Direktnachrichten und mein Home-Tab zeigen, wie alles steht; { $command } help nennt, was es sonst gibt.
error-slack-slow = Slack war zu langsam, um das zu öffnen. Bitte versuche es noch einmal, oder schreibe { $command } help.

not-allowed-own = Über einen Antrag, den du gestellt hast oder der für dich ist, kannst du nicht entscheiden.
not-allowed-not-an-approver = Du gehörst nicht zu denen, die jetzt über diesen Antrag entscheiden können.
not-allowed-already-approved = Du hast diesen Antrag schon genehmigt; er wartet auf andere.
not-allowed-policy-changed = Die Regeln haben sich geändert und erlauben das nicht mehr; lehne den Antrag ab oder bitte um einen neuen.

mistake-empty = Wähle mindestens eine Sache aus.
mistake-nothing-allowed = Nichts davon lässt sich beantragen. Wähle etwas anderes, oder bitte einen Admin um eine Zugriffsregel.
mistake-too-long = Möglich sind höchstens { $longest }.
mistake-text-too-long = Das sind { $count } Zeichen; höchstens { $most } passen. Bitte kürze es.
mistake-no-justification = Schreibe, wofür du den Zugriff brauchst.

duration-unreadable = Schreibe die Dauer als 90m, 1.5h oder 2d.
duration-zero = Die Dauer muss länger als nichts sein.
duration-too-long = Das ist länger als zehn Jahre.

stranger-deactivated = Dieses Konto ist deaktiviert. Wende dich an die Admins deines Workspaces.
stranger-bot = Bots können keinen Zugriff beantragen. Das muss ein Mensch tun.
stranger-guest = Gäste können Hallpass nicht nutzen. Bitte ein Mitglied dieses Workspaces darum.
stranger-other-workspace = Wer aus einem anderen Workspace kommt, kann Hallpass nicht nutzen. Bitte ein Mitglied dieses Workspaces darum.
stranger-unknown = Hallpass kennt dich noch nicht; bitte einen Admin, dich ins Verzeichnis aufzunehmen.
stranger-second-account = Deine Adresse gehört zu jemandem mit einem anderen Konto hier; bitte einen Admin, deines festzulegen.
stranger-inactive = Dein Eintrag im Verzeichnis ist nicht aktiv; bitte einen Admin von Hallpass, ihn zu aktivieren.
stranger-unconfirmed = Es dauert gerade lange, dich zu bestätigen; bitte versuche es gleich noch einmal.

button-dead = Dieser Knopf tut nichts mehr. Die Listen zeigen, wie es steht.
cancelled = { $id } ist zurückgezogen.
being-revoked = { $id } wird beendet; ich sage dir, wenn der Zugriff weg ist.
