# Die Status eines Antrags, wie man sie nennt.

status-pending-mfa = Wartet auf MFA
status-pending-approval = Wartet auf Genehmigung
status-granting = Wird eingerichtet
status-active = Aktiv
status-revoking = Wird entzogen
status-rejected = Abgelehnt
status-expired = Abgelaufen
status-revoked = Entzogen
status-cancelled = Zurückgezogen
status-failed = Fehlgeschlagen
