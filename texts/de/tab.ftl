# Der Reiter in Microsoft Teams: der Weg hinein, und was nur seine Seiten haben.

tab-title = Hallpass in Microsoft Teams
tab-waiting = Microsoft Teams wird gefragt, wer du bist …
tab-failed = Microsoft Teams hat nicht gesagt, wer du bist. Schließe den Reiter und öffne ihn noch einmal; hilft das nicht, sag einem Admin Bescheid.
tab-line = In Microsoft Teams wirst du von selbst angemeldet.
tab-elsewhere = Im Browser öffnen
tab-again = Noch einmal versuchen
tab-refused = Was Microsoft Teams darüber sagt, wer du bist, wurde nicht angenommen. Schließe den Reiter und öffne ihn noch einmal; hilft das nicht, sag einem Admin Bescheid.
tab-busy = Microsoft kann gerade nicht gefragt werden, ob du es wirklich bist. Versuch es in einer Minute noch einmal.
tab-unknown = Hallpass kennt dein Konto noch nicht. Schreib ihm zuerst „help“ in seinem Chat und öffne dann diesen Reiter noch einmal; hilft das nicht, bitte einen Admin, dich in sein Verzeichnis aufzunehmen.
tab-no-cookie = Der Browser hat das Cookie nicht behalten, das diese Seite braucht; so konnte niemand angemeldet werden. Versuch es noch einmal; hilft das nicht, öffne Hallpass im Browser.
