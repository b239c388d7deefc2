# Messages about a request, and the sentences about where it stands.

fact-from = From
fact-for = For
fact-how-long = How long
fact-flow = Access flow
fact-open-until = Open until
fact-approved = Approved
fact-rejected = Rejected
fact-since = Since
fact-until = Until
fact-ended = Ended
fact-status = Status

quote-reason = Reason given
quote-why = Why they need it
quote-justification = Justification

ask-title = { $mark } Access request { $id }
ask-summary = { $who } asks for access ({ $id })
ask-summary-decided = { $id }: { $outcome }
ask-why-you = You are asked because this flow is approved by { $plan }.
ask-why-channel = This flow is approved by { $plan }.

status-summary = { $id } is { $status }. { $standing }
standing-pending-mfa = It waits for a proof that it is you.
standing-granting = { $approved } The access is being set up.
standing-active = The access is in place.
standing-active-partly = The access is in place, but { $count } of what you asked for could not be given.
standing-revoking = { $cause } The access is being taken away.
standing-revoking-late = { $cause } The access is being taken away. It takes longer than it should; the admins know.
standing-rejected = { $who } said no.
standing-expired = Its time was over and the access is gone.
standing-revoked = { $who } ended it early and the access is gone.
standing-failed = It failed: { $why }. Nothing was given; you can ask again.
withdrawn = { $who } withdrew it.

waiting = It waits for { $names }.
waiting-more = { $count ->
    [one] It waits for { $names } or one other.
   *[other] It waits for { $names } or { $count } others.
}
waiting-nobody = Nobody can approve it as things are; the admins were told.

approved-by = Approved by { $names }.
approved-by-flow = Approved by the access flow.
voter-own = { $name } (their own request, as the flow allows)

actor-flow = The access flow
actor-clock = The clock
actor-target = The target system

cause-time-up = The time is over.
cause-asked = { $who } ended it.
cause-undo = It could not be set up: { $why }.

fault-nobody-decided = nobody decided in time
fault-left-directory = the person is no longer in the directory
fault-target-too-slow = the target system did not answer in time

decided-approved = Already approved by { $names }.
decided-approved-by-flow = Already approved by the access flow.
decided-rejected = Already rejected by { $who }.
decided-failed = It failed: { $why }.
decided-not-proved = The requester has to prove presence first.

active-title = ✅ Your access is ready
active-title-revoking = 🔄 This access is being taken away
active-title-ended = This access has ended
active-summary = Your access is ready ({ $id })
active-summary-over = { $title } ({ $id }): { $status }
active-missing = These could not be given. Details has all that the target says about it.
active-only-you = { $id } · only you can see how to connect
missing = { $item }: { $why }
missing-more = and { $count } more; Details shows all of them

ended-summary = { $id }: { $status }

alarm-title = 🚨 { $id } needs an admin
alarm-title-over = { $id }: the alarm is over
alarm-still-there = The access of { $id } should be gone and its target does not confirm it. Hallpass keeps trying; look at the target or at the service's log.
alarm-gone = The access of { $id } is gone now. Nothing is left to do.
alarm-end-stays = The target of { $id } refuses to move the end of this access, so it may end there before the time below. Hallpass keeps trying; look at the target or at the service's log.
alarm-ended = The access of { $id } is over. Nothing is left to do.
alarm-nobody = Nobody can approve { $id } as things are: its approvers left, are its requester, or the flow changed. Change the flow or the directory, or ask the requester to cancel it.
alarm-waits-no-longer = { $id } no longer waits. Nothing is left to do.
