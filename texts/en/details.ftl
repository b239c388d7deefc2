# One request, whole.

details-page = Resources { $from } to { $to } of { $total }
details-missing = ⚠️ { $item }: could not be given: { $why }
details-page-of-stages = Page { $page } of { $pages } of its stages
details-time-left = Time left
details-extensions-left = Extensions left
details-extensions = { $left } (by { $step } each)
details-stage = Stage { $n } of { $count }: { $who }
details-approved = { $name } approved
details-approved-own = { $name } approved (their own request, as the flow allows)
details-rejected = { $name } rejected
details-waiting = { $name } is asked
details-not-yet = { $name } is asked after the stage before
details-not-needed = { $name } is not needed any more
details-more-approvers = { $count ->
    [one] and 1 more who may decide
   *[other] and { $count } more who may decide
}
details-nobody = Nobody can decide here as things are
details-earlier = { $count ->
    [one] 1 step after the first is left out here; the audit has it.
   *[other] { $count } steps after the first are left out here; the audit has them.
}

past-submitted = Submitted by { $by }
past-mfa-passed = Presence proved
past-approved = Approved by { $by }
past-rejected = Rejected by { $by }
past-cancelled = Withdrawn by { $by }
past-window-closed = Nobody decided in time
past-granted = Access in place
past-grant-failed = Access could not be given
past-extended = Extended by { $by }
past-end-nears = Told that it ends soon
past-revoke-asked = Ended early by { $by }
past-time-up = Its time was over
past-overdue = Not gone in time; the admins were told
past-removed = Access gone

may-cancel-for = Cancel for them…
may-revoke-for = End for them…
may-star = ☆ Add to favourites
may-unstar = ★ Remove from favourites
may-refresh = Refresh
