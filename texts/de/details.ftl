# Ein Antrag, ganz.

details-page = Ressourcen { $from } bis { $to } von { $total }
details-missing = ⚠️ { $item }: konnte nicht vergeben werden: { $why }
details-page-of-stages = Seite { $page } von { $pages } seiner Stufen
details-time-left = Restzeit
details-extensions-left = Verlängerungen übrig
details-extensions = { $left } (um je { $step })
details-stage = Stufe { $n } von { $count }: { $who }
details-approved = { $name } hat genehmigt
details-approved-own = { $name } hat genehmigt (eigener Antrag, wie es die Zugriffsregel erlaubt)
details-rejected = { $name } hat abgelehnt
details-waiting = { $name } wird gefragt
details-not-yet = { $name } wird nach der Stufe davor gefragt
details-not-needed = { $name } wird nicht mehr gebraucht
details-more-approvers = { $count ->
    [one] und 1 weitere Person, die entscheiden kann
   *[other] und { $count } weitere, die entscheiden können
}
details-nobody = Hier kann im Moment niemand entscheiden
details-earlier = { $count ->
    [one] 1 Schritt nach dem ersten fehlt hier; im Protokoll steht er.
   *[other] { $count } Schritte nach dem ersten fehlen hier; im Protokoll stehen sie.
}

past-submitted = Gestellt: { $by }
past-mfa-passed = Nachweis erbracht
past-approved = Genehmigt: { $by }
past-rejected = Abgelehnt: { $by }
past-cancelled = Zurückgezogen: { $by }
past-window-closed = Niemand hat rechtzeitig entschieden
past-granted = Zugriff eingerichtet
past-grant-failed = Zugriff konnte nicht vergeben werden
past-extended = Verlängert: { $by }
past-end-nears = Auf das nahe Ende hingewiesen
past-revoke-asked = Vorzeitig beendet: { $by }
past-time-up = Die Zeit war um
past-overdue = Nicht rechtzeitig entzogen; die Admins wissen Bescheid
past-removed = Zugriff entzogen

may-cancel-for = Für sie zurückziehen …
may-revoke-for = Für sie beenden …
may-star = ☆ Zu den Favoriten
may-unstar = ★ Aus den Favoriten
may-refresh = Aktualisieren
