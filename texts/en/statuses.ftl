# The statuses of a request, as people call them.

status-pending-mfa = Pending MFA
status-pending-approval = Pending Approval
status-granting = Granting
status-active = Active
status-revoking = Revoking
status-rejected = Rejected
status-expired = Expired
status-revoked = Revoked
status-cancelled = Cancelled
status-failed = Failed
