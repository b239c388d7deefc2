# Die Formulare: Zugriff beantragen, entscheiden, und was danach kommt.

form-refine = Weitere Treffer: gib mehr vom Namen ein
form-refine-hint = Hier stehen nur die besten Treffer
form-resource = { $kind } in { $integration }
form-permission = Berechtigung ({ $kind } in { $integration })

preview = { $flow }: { $things }, { $who }, höchstens { $longest }
preview-at-once = sofort genehmigt
preview-denied = wird abgelehnt: { $reason }
preview-approved-by = zu genehmigen von: { $plan }
preview-left-out = { $things }: lässt sich nicht beantragen und wird weggelassen

submitted-title = Zugriff beantragt
submitted-request = { $mark } { $id }: { $status }. { $standing }
submitted-left-out = Weggelassen: { $item }: { $why }.
submitted-left-out-more = Ebenso weggelassen: { $count } weitere.
submitted-gone = Weggelassen: { $count } der gewählten Sachen { $count ->
    [one] lässt
   *[other] lassen
} sich nicht mehr beantragen.
submitted-you-hear = Ich melde mich bei dir in einer Direktnachricht.
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
connect-password = Passwort
