# What an approver leaves of a request: the fields that ask it, and how it is told.

narrow-duration = For how long
narrow-duration-hint = You can shorten it, not make it longer.
narrow-keep = What they get
narrow-keep-hint = Untick what they shall not get.
narrow-open = Show all { $count } things
narrow-out = Take out
narrow-out-search = Search what to take out
narrow-count = It is about { $count } things. What you name here is taken out; the rest stays.

narrow-longer = You can shorten it, not make it longer: { $most } at most.
narrow-no-time = Choose one of the times.
narrow-foreign = You can take things out, not add any. Go back and look at the request again.
narrow-nothing = Leave at least one thing, or reject the request.
narrow-moved = Another approver changed what this is about while you looked. Look again: this is what is left. Nothing was decided.

fact-taken-out = Taken out
narrowed-duration = { $left } instead of { $asked }
narrowed-item = ➖ { $item }: taken out by { $by }
narrowed-by = { $names } (by { $by })
narrowed-more = { $names }; and { $count } more
narrowed-to = { $duration } at most
narrowed-without = without { $names }
narrowed-shorter = For { $duration }.
narrowed-fewer = Without { $count } of the { $total } things that were asked for.
narrowed-both = For { $duration }, and without { $count } of the { $total } things that were asked for.
narrowed-line = { $line } ({ $what })
narrowed-extend = It cannot be extended: an approver gave less time than was asked for. Ask for it again when it ends.
