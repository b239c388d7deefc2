# What only Teams shows.

teams-review = Review
teams-heading = { $mark } { $id } · { $status }
teams-time = { $day }, { $clock }
teams-open = Show: { $what }
teams-tick-to-remove = Tick what you do not need
teams-remove = Remove what is ticked
teams-remove-all = Remove everything

teams-form = Tell me what you need; the form guides you.
teams-form-filled = I filled the form as far as I understood you. Look it over and send it.
teams-open-form = Open the form
teams-again = { $id } can be asked for again; say why you need it this time.
teams-revoke = End the access of { $id }? You are asked once more before it is taken away.
teams-too-much = This is more than Teams can show in one place. Type help for what else there is.
teams-nothing-left = Nothing is left to choose here
teams-nobody-left = Nobody
teams-more = More than these: search as you type
teams-slow = This takes longer than usual. What comes of it follows here as a message from me.
teams-done = Done. The messages say how it stands now.
teams-retry = Try again
teams-slow-secret = This takes longer than usual. I write to you here as soon as it is ready.
teams-ready = It is ready: press “How to connect” once more. What is secret is shown there, and never written here.
