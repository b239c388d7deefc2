# What only Teams shows.

teams-review = Review
teams-heading = { $mark } { $id } · { $status }
teams-time = { $day }, { $clock }
teams-open = Show: { $what }
teams-tick-to-remove = Tick what you do not need
teams-remove = Remove what is ticked
teams-remove-all = Remove everything
