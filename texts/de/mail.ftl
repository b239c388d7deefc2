# Mails: was sie neben den Worten der Nachrichten enthalten.

# In jeder Mail zu einem Antrag gleich: Mailprogramme machen daraus einen Verlauf.
mail-subject = Zugriffsantrag { $id }: { $what }
mail-what-more = { $first } und { $count } weitere
mail-what = Worum es geht
mail-status = { $mark } { $id }: { $status }
mail-alarm = 🚨 { $title }
mail-decide = Ansehen und entscheiden
mail-open = { $id } öffnen
mail-footer = Hallpass schreibt dir, weil es um deinen Zugriff geht oder deine Entscheidung gebraucht wird. Den Link zu öffnen ändert nichts. Antworten auf diese Mail liest niemand.
mail-footer-admin = Das erfährt jeder Admin von Hallpass. Antworten auf diese Mail liest niemand.

# Der Code, mit dem man sich auf den Webseiten anmeldet.
# Betreffe stehen auf Sperrbildschirmen und in Protokollen: der Code steht nur im Brief.
mail-code-subject = Dein Code zum Anmelden bei Hallpass
mail-code-title = Dein Code zum Anmelden
mail-code-line = { $minutes ->
    [one] Gib ihn auf der Seite ein, die danach fragt. Er gilt eine Minute und nur einmal.
   *[other] Gib ihn auf der Seite ein, die danach fragt. Er gilt { $minutes } Minuten und nur einmal.
}
mail-code-footer = Jemand hat diesen Code mit deiner Adresse angefordert. Warst du das nicht, tu nichts: ohne ihn kann sich niemand anmelden. Anders als auf dieser Seite fragt Hallpass dich nie danach.
