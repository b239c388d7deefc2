# The forms: asking for access, deciding, and what comes after.

form-refine = More results: type more of the name
form-refine-hint = Only the best matches are listed here
form-resource = { $kind } in { $integration }
form-permission = Permission ({ $kind } in { $integration })

preview = { $flow }: { $things }, { $who }, at most { $longest }
preview-at-once = approved at once
preview-denied = will be rejected: { $reason }
preview-approved-by = approved by { $plan }
preview-left-out = { $things } cannot be asked for and will be left out

submitted-title = Access requested
submitted-request = { $mark } { $id } is { $status }. { $standing }
submitted-left-out = Left out: { $item }: { $why }.
submitted-left-out-more = Left out as well: { $count } more of the same.
submitted-gone = Left out: { $count } of what you chose can no longer be asked for.
submitted-you-hear = You will hear from me in a direct message.
refused-not-yours = you cannot ask for this
refused-too-many = a form holds at most { $most } things; ask for the rest in another

decide-title-approve = Approve { $id }
decide-title-reject = Reject { $id }
decide-reason = Reason (shown to the requester)
decide-why-not = Why not (shown to the requester)
decide-needs-reason = Please give a reason; the requester will read it.

connect-title = How to connect
connect-page = { $first } to { $last } of { $total }
connect-only-you = Only you see this. It stops working when { $id } ends.
connect-nothing = This access needs nothing special to connect: use the login that you have.
connect-password = Password
