# App Home and the lists that it is made of.

home-greeting = Good to see you, { $name }.
home-counter = { $status } { $count }

list-waiting = Waiting for my decision
list-access = My access
list-requests = My requests
list-favorites = Favourites
list-closed = Recently closed
list-delegated = Delegated requests
list-counted = { $list } ({ $count })

list-waiting-empty = Nothing waits for your decision.
list-access-empty = You have no access through Hallpass right now.
list-requests-empty = You have not asked for anything yet. New request is the way in.
list-requests-filtered = None of your requests is at this status.
list-favorites-empty = You have starred nothing yet. Details offers to.
list-delegated-empty = You asked for nobody else, and nobody asked for you.

list-filter = Show only requests that are
list-filter-all = All statuses
list-page = { $first }–{ $last } of { $total }
list-previous = ◀ Previous
list-next = Next ▶

row-title = { $mark } { $what }
row-more = { $count ->
    [one] { $first } and 1 more
   *[other] { $first } and { $count } more
}
row-own = { $id } · { $status }
row-others = { $id } · { $status } · { $who }
row-until = until
row-open-until = open until
row-since = since
row-ended = ended
