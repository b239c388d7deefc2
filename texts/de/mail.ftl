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
