# What is answered when something cannot be done, and why.

late = { $id } is { $status }: { $why }
late-pending = It can be withdrawn with { $command } cancel { $id }.
late-granting = The requester is told when it is ready.
late-active = It can be ended early with { $command } revoke { $id }.
late-revoking = The requester is told when the access is gone.
late-over = Nothing is left for you to do.
happened-at = At { $time } UTC on { $year }-{ $month }-{ $day }.

# These follow a status and a colon.
why-not-time-to-decide-over = its time to be decided is over.
why-not-time-to-decide-not-over = its time to be decided is not over.
why-not-no-proof-awaited = it does not wait for a proof of presence.
why-not-proved = the requester has to prove presence first.
why-not-waiting = it is no longer waiting for a decision.
why-not-pending = only a pending request can be cancelled.
why-not-target-at-work = its target may still take some time.
why-not-nothing-given = no access is being given.
why-not-extended-too-late = access is extended before its end, and by more than nothing.
why-not-active = only active access can be extended.
why-not-end-told = its end was told already.
why-not-end-not-near = its end is not near, or it is over.
why-not-no-end-nears = only active access nears its end.
why-not-already-revoking = its access is being taken away already.
why-not-at-its-end = its access is not at its end.
why-not-no-access = there is no access to take away.
why-not-admins-know = the admins were told already.
why-not-removal-at-work = taking the access away may still take some time.
why-not-nothing-taken = no access is being taken away.
why-not-over = it can be asked for again once it is over.
why-not-connectable = how to connect is shown while it is Active.

error-not-found = No such request. Check its number; the lists show those that you may see.
error-not-theirs = Only the person who asked, or an admin, can do this. Ask one of them.
error-theirs-alone = Only { $name }, who asked for you, can do this.
error-nothing-left = Nothing of { $id } can be asked for today; the access flows or the systems changed. Choose anew with New request, or ask an admin.
error-not-favourite = Only what you asked for yourself can be a favourite.
error-form-gone = This form was left alone for more than a day; begin a new one.
error-crowded = This form was changed somewhere else at the same moment, so nothing was changed here; please try again.
error-ours = Something went wrong on our side. Nothing was changed; please try again.
error-slow = This takes longer than usual. Send it once more in a moment: nothing is done twice.
error-view = Slack cannot show this: it is more than fits in one view. My direct messages and my Home tab show how things stand; type { $command } help for what else there is.
error-slack-slow = Slack was too slow to open that. Please try again, or type { $command } help.

not-allowed-own = You cannot decide on a request that you made or that is for you.
not-allowed-not-an-approver = You are not among the people who can decide on this request now.
not-allowed-already-approved = You approved this request already; it waits for others.
not-allowed-policy-changed = The policy changed and no longer allows this; reject it or ask for a new request.

mistake-empty = Choose at least one thing to ask for.
mistake-nothing-allowed = None of this can be asked for. Choose something else, or ask an admin for an access flow.
mistake-too-long = The longest possible is { $longest }.
mistake-text-too-long = These are { $count } characters; at most { $most } fit. Please shorten it.
mistake-no-justification = Say why you need it.

duration-unreadable = Write how long as 90m, 1.5h or 2d.
duration-zero = The duration must be longer than nothing.
duration-too-long = That is longer than ten years.

stranger-deactivated = This account is deactivated. Ask an admin of your workspace.
stranger-bot = Bots cannot ask for access. A person has to do it.
stranger-guest = Guests cannot use Hallpass. Ask a member of this workspace to do it.
stranger-other-workspace = People of other workspaces cannot use Hallpass. Ask a member of this workspace to do it.
stranger-unknown = Hallpass does not know you yet; ask an admin to add you to its directory.
stranger-second-account = Your address leads to somebody with another account here; ask an admin to pin yours.
stranger-inactive = Your entry in the directory is not active; ask an admin of Hallpass to activate it.
stranger-unconfirmed = It takes long to confirm who you are; please try again in a moment.

button-dead = This button does nothing any more. The lists show how things stand.
cancelled = { $id } is cancelled.
being-revoked = { $id } is being ended; I tell you when the access is gone.
