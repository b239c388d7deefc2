# Tickets und die drei Ampeln über einer Begründung.

ticket-label = Ticket
ticket-fits = { $number } ({ $type })
ticket-found = { $number } ({ $type }, vorhanden)
ticket-unchecked = { $number } ({ $type }) ⚠️ nicht geprüft: Das Ticketsystem hat nicht geantwortet
ticket-missing = Nenne ein Ticket, zum Beispiel { $examples }.
ticket-not-one = Das ist keine Ticketnummer; schreibe eine wie { $examples }.
ticket-wrong-type = Hier zählt eine andere Art von Ticket, zum Beispiel { $examples }.
ticket-none-for-all = Dafür braucht es Tickets verschiedener Art; beantrage es in getrennten Formularen.
ticket-not-there = Im Ticketsystem gibt es kein Ticket { $number }.
ticket-unanswered = Das Ticket kann gerade nicht geprüft werden, weil sein System nicht antwortet. Versuche es in einer Minute noch einmal.

light-task = Sagt, was du tun wirst
light-level = Sagt, warum es diese Berechtigung sein muss
light-ticket = Nennt ein Ticket
light-green = 🟢 { $about }
light-amber = 🟡 { $about }: { $hint }
light-red = 🔴 { $about }: { $hint }
lights-languages = Verstanden werden Texte auf Deutsch und Englisch.

hint-empty = Noch steht hier nichts.
hint-is-example = Das ist unser Beispiel; schreibe deinen eigenen Grund.
hint-no-sense = Das liest sich nicht wie ein Satz.
hint-unknown-language = Nur Deutsch und Englisch können geprüft werden.
hint-no-task = Schreibe, was du tun wirst, und womit.
hint-too-short = Schreibe etwas mehr: was genau und wo.
hint-no-action = Schreibe, was du damit tun wirst, etwa vergleichen, prüfen oder korrigieren.
hint-no-level = Schreibe, wofür du „{ $permission }“ brauchst.
hint-no-reason = Schreibe, warum das nötig ist, etwa „um … zu“ oder „weil …“.
hint-less-would-do = Was du beschreibst, braucht wohl weniger als „{ $permission }“; beantrage weniger oder schreibe, was du ändern wirst.
hint-no-ticket = Schreibe die Nummer des Tickets, um das es geht.
hint-other-ticket = { $number } ist kein Ticket, das hier zählt.
