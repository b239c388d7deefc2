# Was Admins hören, das keinen Antrag betrifft.
second-account-title = Ein zweites Konto wurde abgewiesen
second-account = Ein Konto mit der Adresse von { $name } wurde abgewiesen: { $name } hat schon ein anderes. Gehören beide dieser Person, lege das richtige im Verzeichnis fest; hat jemand anderes die Adresse bekommen, ändere sie dort.
second-account-person = Person
second-account-account = Konto
second-account-workspace = Workspace
