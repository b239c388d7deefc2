# The request form: choosing, answering, sending.

# The form that asks for access, its first step.

request-title = Zugriff beantragen
request-continue = Weiter
request-cancel = Abbrechen
request-for-whom = Für wen ist es?
request-search-people = Personen suchen
request-way-resource = Nach Ressource
request-way-app = Nach System
request-way-bundle = Nach Paket
request-words = Wörter des Namens
request-words-example = payments prod
request-kind = Typ
request-any-kind = Jeder Typ
request-permission = Berechtigung
request-any-permission = Jede Berechtigung
request-nothing-offered = Hier kann nichts beantragt werden. Ein Admin weiß, welche Zugriffsregel fehlt.
request-matching-none = 0 von { $all } passen. Die Liste unten enthält vielleicht ähnliche Namen.
request-matching = { $matching } von { $all } passen.
request-matching-many = { $matching } von { $all } passen. Wähle eine Berechtigung, um alle hinzuzufügen.
request-add-all = { $count ->
    [one] Das eine passende hinzufügen
   *[other] Alle { $count } passenden hinzufügen
}
request-pick = Was brauchst du?
request-pick-search = Alle verbundenen Systeme durchsuchen
request-refine = Mehr Treffer: Suche verfeinern
request-refine-hint = Hier stehen nur die besten Treffer
request-unsearched = Slack braucht lange, um dich zu bestätigen
request-unsearched-hint = Tippe gleich weiter
request-place = { $kind } in { $system }
request-system = Verbundenes System
request-choose-system = System wählen
request-choose-kind = Typ wählen
request-resources = Ressourcen
request-permissions = Berechtigungen
request-choose-several = Eine oder mehrere wählen
request-add-things = { $count ->
    [one] 1 Sache hinzufügen
   *[other] { $count } Sachen hinzufügen
}
request-bundle-words = Wörter des Pakets
request-bundle-example = Bereitschaft
request-bundle-matching = { $all ->
    [one] { $matching } von 1 Paket passt.
   *[other] { $matching } von { $all } Paketen passen.
}
request-bundle = Paket
request-choose-bundle = Paket wählen
request-bundle-holds = { $count ->
    [one] { $name } enthält 1 Sache.
   *[other] { $name } enthält { $count } Sachen.
}
request-bundle-closed = { $count ->
    [one] 1 weitere davon kann hier nicht beantragt werden.
   *[other] { $count } weitere davon können hier nicht beantragt werden.
}
request-span = { $first } bis { $last } von { $all }
request-previous = Zurück
request-next = Weiter
request-add-ticked = Angekreuzte hinzufügen
request-add-bundle = Alle { $count } hinzufügen
request-basket-empty = Noch nichts gewählt, höchstens { $most }.
request-basket = { $count } von höchstens { $most } gewählt.
request-basket-more = und { $count } weitere; „Durchsehen“ zeigt alle
request-review = Durchsehen
request-added = { $count ->
    [0] Nichts Neues hinzugefügt.
    [one] 1 Sache hinzugefügt.
   *[other] { $count } Sachen hinzugefügt.
}
request-added-known = { $count ->
    [one] 1 war schon gewählt.
   *[other] { $count } waren schon gewählt.
}
request-added-closed = { $count ->
    [one] 1 kann nicht beantragt werden.
   *[other] { $count } können nicht beantragt werden.
}
request-added-left-out = { $count } passten nicht mehr: Höchstens { $most } auf einmal.
request-dropped = { $count ->
    [one] 1 Sache kann für diese Person nicht beantragt werden und fiel aus deiner Auswahl.
   *[other] { $count } Sachen können für diese Person nicht beantragt werden und fielen aus deiner Auswahl.
}
request-gone = { $count ->
    [one] 1 Sache davon kann nicht mehr beantragt werden und wurde weggelassen.
   *[other] { $count } Sachen davon können nicht mehr beantragt werden und wurden weggelassen.
}
request-not-for = Für { $name } kannst du nichts beantragen; dieses Formular ist für dich.
request-cut = Dein Text war länger als das Feld; das Ende fehlt.
request-nothing-ticked = Kreuze zuerst mindestens eine Sache an, oder füge alle hinzu.
request-nothing-chosen = Wähle zuerst mindestens eine Sache.
request-pick-permission = Wähle zuerst eine Berechtigung; dann können alle hinzugefügt werden.

# Everything that is chosen.

request-chosen-title = Deine Auswahl
request-chosen-none = Nichts ist gewählt.
request-chosen-live = { $item } ({ $id } gibt oder beantragt dasselbe)
request-remove = Entfernen
request-remove-all = Alle entfernen
request-remove-all-title = Alle entfernen?
request-remove-all-text = Deine Auswahl wird geleert; was du geschrieben hast, bleibt.
request-remove-keep = Behalten
request-back = Zurück

# The second step.

request-send = Antrag senden
request-what = { $what }.
request-what-for = { $what } für { $name }.
request-duration = Wie lange?
request-other-duration = Oder eine andere Dauer
request-other-duration-example = 90m, 1,5h oder 2d
request-longest = Höchstens { $longest }.
request-why = Warum brauchst du es?
request-why-hint = Genehmigende entscheiden danach: Nenne die Aufgabe, das Ticket und warum diese Berechtigung.
request-why-example = INC-42: die fehlgeschlagenen Zahlungen vom 3. Mai nachsehen
request-preview = Das wird daraus:
request-preview-for = Das wird daraus, für { $duration }:
request-part-automatic = { $flow }: { $things }, sofort genehmigt, höchstens { $longest }
request-part-denied = { $flow }: { $things }, wird abgelehnt: { $reason }
request-part-people = { $flow }: { $things }, Genehmigung durch { $plan }, höchstens { $longest }
request-parts-more = und { $count } weitere Anträge
request-part-refused = { $things }: kann nicht beantragt werden und wird weggelassen
request-part-none = Nichts: Geh zurück und wähle etwas.
request-live = Schon vorhanden oder beantragt:
request-live-item = { $item }: siehe { $id }
request-live-more = und { $count } weitere; „Durchsehen“ kennzeichnet sie
request-ticket-kind = Art des Tickets
request-ticket = Ticket
request-missing-ticket = Es fehlt noch: das Ticket.
request-missing-why = Es fehlt noch: warum du es brauchst.
request-missing-lights = Es fehlt noch: Alle drei Lichter müssen grün sein.

# What a form became.

request-sent-title = Zugriff beantragt
request-sent = { $mark } { $id }: { $status }. { $standing }
request-left-out = Weggelassen, denn { $why }:
request-left-out-more = und { $count } weitere aus demselben Grund
request-sent-next = Du hörst von mir in einer Direktnachricht.
