# Was man tippen kann, und was zu einer Zeile gesagt wird, die statt des Formulars getippt wurde.

help-unknown = Ich verstehe „{ $typed }“ nicht.
help-meant = Ich verstehe „{ $typed }“ nicht. Meintest du `{ $command } { $word }`?
help-no-number = Welchen Antrag? Schreibe seine Nummer: `{ $command } { $word } AR-1042`.
help-request = `{ $command } request` beantragt Zugriff
help-line = `{ $command } request payments lesen für 2h weil INC-42 …` füllt das Formular für dich aus
help-lists = `{ $command } requests`, `mine`, `favorites`, `delegated` oder `approvals` zeigt eine Liste
help-show = `{ $command } show AR-1042` zeigt einen Antrag
help-cancel = `{ $command } cancel AR-1042` zieht einen offenen Antrag zurück; Admins nennen einen Grund
help-again = `{ $command } again AR-1042` beantragt dasselbe noch einmal
help-extend = `{ $command } extend AR-1042` verlängert Zugriff kurz vor seinem Ende
help-revoke = `{ $command } revoke AR-1042` beendet Zugriff vorzeitig; Admins nennen einen Grund
help-help = `{ $command } help` zeigt dies

line-not-understood = Nicht verstanden: { $words }.
line-nobody = Ich kenne niemanden namens { $name }.
line-not-for = Für { $name } kannst du nichts beantragen. Was du hier auswählst, ist für dich selbst.
line-not-clear = Wähle aus, was du mit „{ $words }“ meinst.
