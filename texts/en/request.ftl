# The request form: choosing, answering, sending.

# The form that asks for access, its first step.

request-title = Request access
request-continue = Continue
request-cancel = Cancel
request-for-whom = Who is it for?
request-search-people = Search people
request-way-resource = By resource
request-way-app = By app
request-way-bundle = By bundle
request-words = Words of the name
request-words-example = payments prod
request-kind = Type
request-any-kind = Any type
request-permission = Permission
request-any-permission = Any permission
request-nothing-offered = Nothing can be asked for here. An admin can say which access flow is missing.
request-matching-none = 0 of { $all } match. The list below may hold similar names.
request-matching = { $matching } of { $all } match.
request-matching-many = { $matching } of { $all } match. Pick a permission to add all of them.
request-add-all = { $count ->
    [one] Add the one that matches
   *[other] Add all { $count } that match
}
request-pick = What do you need?
request-pick-search = Search all connected systems
request-refine = More results: refine your search
request-refine-hint = Only the best matches are listed here
request-unsearched = Slack is slow to confirm who you are
request-unsearched-hint = Type on in a moment
request-place = { $kind } in { $system }
request-system = Connected system
request-choose-system = Choose a system
request-choose-kind = Choose a type
request-resources = Resources
request-permissions = Permissions
request-choose-several = Choose one or several
request-add-things = { $count ->
    [one] Add 1 thing
   *[other] Add { $count } things
}
request-bundle-words = Words of the bundle
request-bundle-example = on-call
request-bundle-matching = { $all ->
    [one] { $matching } of 1 bundle matches.
   *[other] { $matching } of { $all } bundles match.
}
request-bundle = Bundle
request-choose-bundle = Choose a bundle
request-bundle-holds = { $count ->
    [one] { $name } holds 1 thing.
   *[other] { $name } holds { $count } things.
}
request-bundle-closed = { $count ->
    [one] 1 more of it cannot be asked for here.
   *[other] { $count } more of it cannot be asked for here.
}
request-span = { $first } to { $last } of { $all }
request-previous = Previous
request-next = Next
request-add-ticked = Add what is ticked
request-add-bundle = Add all { $count }
request-basket-empty = Nothing chosen yet, of at most { $most }.
request-basket = { $count } of at most { $most } chosen.
request-basket-more = and { $count } more; Review shows all of them
request-review = Review
request-added = { $count ->
    [0] Added nothing new.
    [one] Added 1 thing.
   *[other] Added { $count } things.
}
request-added-known = { $count ->
    [one] 1 was chosen before.
   *[other] { $count } were chosen before.
}
request-added-closed = { $count ->
    [one] 1 cannot be asked for.
   *[other] { $count } cannot be asked for.
}
request-added-left-out = { $count } did not fit: { $most } is the most at once.
request-dropped = { $count ->
    [one] 1 thing cannot be asked for on their behalf and went from what you chose.
   *[other] { $count } things cannot be asked for on their behalf and went from what you chose.
}
request-gone = { $count ->
    [one] 1 thing of it can no longer be asked for and was left out.
   *[other] { $count } things of it can no longer be asked for and were left out.
}
request-not-for = You cannot ask for { $name }; this form is for you.
request-cut = What you wrote was longer than its field holds; the end of it is left out.
request-nothing-ticked = Tick at least one thing first, or add all of it.
request-nothing-chosen = Choose at least one thing first.
request-pick-permission = Pick a permission first; then all of them can be added.

# Everything that is chosen.

request-chosen-title = What you chose
request-chosen-none = Nothing is chosen.
request-chosen-live = { $item } ({ $id } gives or asks for the same)
request-remove = Remove
request-remove-all = Remove all
request-remove-all-title = Remove all?
request-remove-all-text = What you chose is emptied; your answers stay.
request-remove-keep = Keep them
request-back = Back

# The second step.

request-send = Send request
request-what = { $what }.
request-what-for = { $what } for { $name }.
request-duration = For how long?
request-other-duration = Or another duration
request-other-duration-example = 90m, 1.5h or 2d
request-longest = At most { $longest }.
request-why = Why do you need it?
request-why-hint = Approvers decide by this: name the task, the ticket, and why this permission.
request-why-example = INC-42: look up the failed payments of 3 May
request-preview = What sending this makes:
request-preview-for = What sending this makes, for { $duration }:
request-part-automatic = { $flow }: { $things }, approved at once, at most { $longest }
request-part-denied = { $flow }: { $things }, will be rejected: { $reason }
request-part-people = { $flow }: { $things }, approved by { $plan }, at most { $longest }
request-parts-more = and { $count } more requests
request-part-refused = { $things } cannot be asked for and will be left out
request-part-none = Nothing: go back and choose something.
request-live = There already, or asked for:
request-live-item = { $item }: see { $id }
request-live-more = and { $count } more; Review marks them
request-ticket-kind = Type of ticket
request-ticket = Ticket
request-missing-ticket = Still missing: the ticket.
request-missing-why = Still missing: why you need it.
request-missing-lights = Still missing: all three lights have to be green.

# What a form became.

request-sent-title = Access requested
request-sent = { $mark } { $id } is { $status }. { $standing }
request-left-out = Left out, because { $why }:
request-left-out-more = and { $count } more for the same reason
request-sent-next = You will hear from me in a direct message.
