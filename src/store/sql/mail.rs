//! What people were told by email.

/// What somebody was last told of a request.
pub const MAIL_GET: &str =
    "SELECT news, sent FROM mail WHERE request_id = $1 AND kind = $2 AND recipient = $3";
/// Keeps what somebody was told of a request.
pub const MAIL_KEEP: &str = "\
    INSERT INTO mail (request_id, kind, recipient, news, sent) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (request_id, kind, recipient) DO UPDATE SET news = excluded.news, \
        sent = excluded.sent";

/// Every statement above; a test counts that none is missing.
pub const ALL: &[&str] = &[MAIL_GET, MAIL_KEEP];
