# The forms: asking for access, deciding, and what comes after.

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
connect-host = Host
connect-port = Port
connect-database = Database
connect-user = User
connect-password = Password
