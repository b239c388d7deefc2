# The end of access: near, moved, come; ending it early, and asking again.

ending-soon = ⏰ Your access ends soon
ending-moved = Your access was extended
ending-moved-line = It lasts longer. You hear from me before it ends.
ending-now = 🔄 This access is being taken away
ending-over = This access has ended

extend-button = Extend by { $step }
extend-offered = { $left ->
    [one] You can extend it by { $step } without asking again. This is the last time.
   *[other] You can extend it by { $step } without asking again, { $left } times in all.
}
extend-by-other = { $name } can extend it.
extend-not-active = Only active access can be extended, before its end.
extend-not-allowed = It cannot be extended: its access flow does not let access be extended. Ask for it again when it ends.
extend-changed = It cannot be extended: its access flow no longer gives this access. Ask for it again.
extend-used = { $times ->
    [one] It was extended once, as often as its access flow allows.
   *[other] It was extended { $times } times, as often as its access flow allows.
}
extend-at-longest = It lasts as long as its access flow allows already.
extend-early = It can be extended once its end is near, from { $from } on.
extend-already = It was extended already and lasts until { $until }.
extend-refused = { $id } was not extended.
ended-standing = { $status }: { $standing }
extend-done = { $id } is extended until { $until }.

end-cancel-title = Cancel { $id }
end-cancel-submit = Cancel request
end-cancel-line = Nobody will be asked any more. The requester is told who cancelled it and why.
end-revoke-title = End { $id }
end-revoke-submit = End access
end-revoke-line = The access is taken away and open sessions are closed. Requester and grantee are told who ended it and why.
end-reason = Why (shown to the requester)

again-button = Request again

again-note = This asks again for what { $id } was about. Say why you need it this time.
again-gone = No longer offered, and left out: { $names }.
again-more = { $names } and { $count } more
ending-moved-below = A newer message below tells of its end.
