# App Home und die Listen, aus denen es besteht.

home-greeting = Schön, dass du da bist, { $name }.
home-counter = { $status } { $count }

list-waiting = Wartet auf mich
list-access = Meine Zugriffe
list-requests = Meine Anträge
list-favorites = Favoriten
list-closed = Zuletzt abgeschlossen
list-delegated = Für und von anderen
list-counted = { $list } ({ $count })

list-waiting-empty = Nichts wartet auf deine Entscheidung.
list-access-empty = Du hast gerade keinen Zugriff über Hallpass.
list-requests-empty = Du hast noch nichts beantragt. „Neuer Antrag“ führt dich hin.
list-requests-filtered = Keiner deiner Anträge hat diesen Status.
list-favorites-empty = Du hast noch nichts markiert. Details bietet es an.
list-delegated-empty = Du hast für niemanden etwas beantragt, und niemand für dich.

list-filter = Zeige nur Anträge mit dem Status
list-filter-all = Jeder Status
list-page = { $first }–{ $last } von { $total }
list-previous = ◀ Zurück
list-next = Weiter ▶

row-title = { $mark } { $what }
row-more = { $count ->
    [one] { $first } und 1 weiteres
   *[other] { $first } und { $count } weitere
}
row-own = { $id } · { $status }
row-others = { $id } · { $status } · { $who }
row-until = bis
row-open-until = offen bis
row-since = seit
row-ended = beendet
