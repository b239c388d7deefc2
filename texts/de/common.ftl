# Anzahlen, Zeiten, Namen und anderes Kleines, das an vielen Stellen steht.

count-things = { $count ->
    [one] 1 Sache
   *[other] { $count } Sachen
}

duration-days = { $count ->
    [one] 1 Tag
   *[other] { $count } Tage
}
duration-hours = { $count ->
    [one] 1 Stunde
   *[other] { $count } Stunden
}
duration-minutes = { $count } Min.
duration-seconds = { $count } Sek.

# Wo ein Kanal eine Zeit nicht in der Zeitzone der Lesenden zeigen kann.
time-utc = { $day }.{ $month }.{ $year } { $time } UTC

item = { $resource } ({ $kind } in { $integration }): { $permission }
item-kind-unknown = Ressource
items-more = und { $count } weitere; unter „Details“ stehen alle

names-or = { $first } oder { $last }
names-and = { $first } und { $last }
names-nobody = niemand
who-for = { $requester } für { $grantee }

plan-then = { $first }, dann { $next }
approver-group = jemand aus { $group }
approver-manager = die Führungskraft
approver-owner = die zuständige Person
approvers-count = { $count } von { $names }

button-approve = Genehmigen
button-reject = Ablehnen
button-details = Details
button-connect = Verbinden
button-new = Neuer Antrag
button-close = Schließen
button-back = Zurück
button-previous = Vorherige
button-next = Nächste
button-keep = Behalten

button-cancel = Antrag zurückziehen
cancel-confirm = { $id } zurückziehen?
cancel-confirm-text = Niemand wird mehr gefragt. Du kannst den Zugriff jederzeit neu beantragen.
button-revoke = Zugriff jetzt beenden
button-revoke-confirm = Zugriff beenden
revoke-confirm = { $id } jetzt beenden?
revoke-confirm-text = Der Zugriff wird entzogen, offene Sitzungen werden getrennt.
