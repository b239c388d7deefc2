# Counts, times, names and other small things that stand in many places.

count-things = { $count ->
    [one] 1 thing
   *[other] { $count } things
}

duration-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
duration-hours = { $count } h
duration-minutes = { $count } min
duration-seconds = { $count } s

# Where a channel cannot show a time in each reader's zone.
time-utc = { $year }-{ $month }-{ $day } { $time } UTC

item = { $resource } ({ $kind } in { $integration }): { $permission }
item-kind-unknown = resource
items-more = and { $count } more; Details shows all of them

names-or = { $first } or { $last }
names-and = { $first } and { $last }
names-nobody = nobody
who-for = { $requester } for { $grantee }

plan-then = { $first }, then { $next }
approver-group = anyone in { $group }
approver-manager = the manager
approver-owner = the owner
approvers-count = { $count } of { $names }

button-approve = Approve
button-reject = Reject
button-details = Details
button-connect = How to connect
button-new = New request
button-close = Close
button-back = Back
button-previous = Previous
button-next = Next
button-keep = Keep it

button-cancel = Cancel request
cancel-confirm = Cancel { $id }?
cancel-confirm-text = Nobody will be asked any more. You can ask again at any time.
button-revoke = End access now
button-revoke-confirm = End access
revoke-confirm = End { $id } now?
revoke-confirm-text = The access is taken away and open sessions are closed.
