# Was Admins hören, das keinen Antrag betrifft.
second-account-title = Ein zweites Konto wurde abgewiesen
second-account = Ein Konto mit der Adresse von { $name } wurde abgewiesen: { $name } hat schon ein anderes. Gehören beide dieser Person, lege das richtige im Verzeichnis fest; hat jemand anderes die Adresse bekommen, ändere sie dort.
second-account-person = Person
second-account-account = Konto
second-account-workspace = Workspace
unreachable-title = Jemand ist nicht zu erreichen
unreachable = { $name } ist weder im Chat noch per E-Mail zu erreichen. Was diese Person erfahren oder entscheiden soll, steht beim jeweiligen Antrag. Berichtige die Adresse im Verzeichnis, oder sag es ihr selbst.
mail-down-title = E-Mails gehen nicht hinaus
mail-down = Der Mailserver hat seit einer Viertelstunde nichts angenommen. Verloren ist nichts: alle paar Minuten wird es wieder versucht. Sieh nach dem Server oder nach [email] in der Konfiguration; was er antwortet, steht im Log.
