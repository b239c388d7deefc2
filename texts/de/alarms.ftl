# Was Admins hören, das keinen Antrag betrifft.
second-account-title = Ein zweites Konto wurde abgewiesen
second-account = Ein Konto mit der Adresse von { $name } wurde abgewiesen: { $name } hat schon ein anderes. Gehören beide dieser Person, lege das richtige im Verzeichnis fest; hat jemand anderes die Adresse bekommen, ändere sie dort.
second-account-person = Person
second-account-account = Konto
second-account-workspace = Workspace
unreachable-title = Jemand ist nicht zu erreichen
unreachable = { $name } ist weder im Chat noch per E-Mail zu erreichen. Was diese Person erfahren oder entscheiden soll, steht beim jeweiligen Antrag. Berichtige die Adresse im Verzeichnis, oder sag es ihr selbst.
away-title = Jemand ist im Chat nicht zu erreichen
away = { $platform ->
    [teams] Microsoft Teams
   *[slack] Slack
 } nimmt keine Nachrichten an { $name } an: die App ist dort nicht installiert, wurde entfernt oder ist blockiert, oder das Konto gibt es nicht mehr. Verloren ist nichts: die Person wird per E-Mail oder in einem anderen Chat erreicht, und dort wieder, sobald es geht.
mail-down-title = E-Mails gehen nicht hinaus
mail-down = Der Mailserver hat seit einer Viertelstunde nichts angenommen. Verloren ist nichts: alle paar Minuten wird es wieder versucht. Sieh nach dem Server oder nach [email] in der Konfiguration; was er antwortet, steht im Log.
sign-in-closed-title = Zu viele falsche Codes
sign-in-closed = Heute wurden zwanzig falsche Codes eingegeben, um sich auf den Webseiten als { $name } anzumelden. { $room ->
    [own] Sie kamen über einen Link aus einer E-Mail an { $name } oder aus einem Browser dieser Person. Bis Mitternacht (UTC) meldet kein Code mehr an, der so angefordert wird.
   *[open] Bis Mitternacht (UTC) meldet kein Code mehr als { $name } an, der nur mit der Adresse angefordert wird; ein Link aus einer E-Mail an { $name } oder ein Browser, in dem diese Person schon angemeldet war, führt weiterhin hinein.
 } Frag nach, ob es diese Person selbst war; wann es geschah, steht im Audit.
sign-in-closed-yours = Heute wurden zwanzig falsche Codes eingegeben, um sich auf den Webseiten in deinem Namen anzumelden. { $room ->
    [own] Sie kamen über einen Link aus einer E-Mail an dich oder aus einem Browser von dir. Bis Mitternacht (UTC) meldet dich kein Code mehr an, der so angefordert wird.
   *[open] Bis Mitternacht (UTC) meldet dich kein Code mehr an, der nur mit deiner Adresse angefordert wird; ein Link aus einer E-Mail an dich oder ein Browser, in dem du schon angemeldet warst, führt weiterhin hinein.
 } Wenn du das nicht warst oder nicht warten kannst, sag es einem Admin.
