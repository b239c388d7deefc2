# Was nur Teams zeigt.

teams-review = Ansehen
teams-heading = { $mark } { $id } · { $status }
teams-time = { $day }, { $clock }
teams-open = Zeigen: { $what }
teams-tick-to-remove = Ankreuzen, was nicht gebraucht wird
teams-remove = Angekreuztes entfernen
teams-remove-all = Alles entfernen
