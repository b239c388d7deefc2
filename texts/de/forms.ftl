# Die Formulare: Zugriff beantragen, entscheiden, und was danach kommt.

refused-not-yours = das kannst du nicht beantragen
refused-too-many = ein Formular fasst höchstens { $most } Sachen; beantrage den Rest in einem weiteren

decide-title-approve = { $id } genehmigen
decide-title-reject = { $id } ablehnen
decide-reason = Grund (wird im Antrag angezeigt)
decide-why-not = Warum nicht (wird im Antrag angezeigt)
decide-needs-reason = Bitte nenne einen Grund; er wird im Antrag angezeigt.

connect-title = So verbindest du dich
connect-page = { $first } bis { $last } von { $total }
connect-only-you = Nur du siehst das. Es gilt, bis { $id } endet.
connect-nothing = Für diesen Zugriff brauchst du nichts Besonderes: nimm die Anmeldung, die du schon hast.
connect-host = Host
connect-port = Port
connect-database = Datenbank
connect-user = Benutzer
connect-password = Passwort
