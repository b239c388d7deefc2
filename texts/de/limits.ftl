# Was gesagt wird, wo etwas zu lang ist, um es ganz zu zeigen.
shortened = (gekürzt; „Details“ zeigt alles)
reduced-message = Diese Nachricht ist zu lang, als dass Slack sie ganz zeigen könnte. „Details“ zeigt alles.
reduced-notice = Die Antwort lässt sich hier nicht zeigen. Meine Direktnachrichten und mein Home-Tab zeigen, wie es steht.
reduced-close = Schließen
reduced-home = Hier ist mehr, als Slack zeigen kann. Der Befehl kann weiterhin alles: gib ihn mit help ein.
reduced-view = { $count ->
    [one] Ein Teil fehlt hier, weil es mehr ist, als Slack in einer Ansicht zeigt. Blättere unten weiter zu dem, was die Seiten enthalten; was du einträgst, zählt trotzdem.
   *[other] { $count } Teile fehlen hier, weil es mehr ist, als Slack in einer Ansicht zeigt. Blättere unten weiter zu dem, was die Seiten enthalten; was du einträgst, zählt trotzdem.
}
