//! The audit: its rows, and the end of their chain.

/// Takes the end of the audit chain; others wait until the transaction ends.
pub const AUDIT_TAKE_HEAD: &str = "UPDATE audit_head SET seq = seq WHERE id = 1 RETURNING seq, mac";
/// Sets the end of the audit chain.
pub const AUDIT_SET_HEAD: &str = "UPDATE audit_head SET seq = $1, mac = $2, seal = $3 WHERE id = 1";
/// Reads the end of the audit chain.
pub const AUDIT_HEAD: &str = "SELECT seq, mac, seal FROM audit_head WHERE id = 1";
/// Adds an audit row.
pub const AUDIT_ADD: &str = "\
    INSERT INTO audit (seq, happened_at, actor, kind, request_id, body, mac) \
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
/// The moves of a request, in order: the rows that say where it then stood.
pub const AUDIT_OF: &str = "\
    SELECT happened_at, actor, kind, body FROM audit \
    WHERE request_id = $1 AND body LIKE '%\"to\":%' ORDER BY seq LIMIT $2";
/// Audit rows after a number, in order.
pub const AUDIT_PAGE: &str = "\
    SELECT seq, happened_at, actor, kind, request_id, body, mac FROM audit \
    WHERE seq > $1 ORDER BY seq LIMIT $2";

/// Every statement above; a test counts that none is missing.
pub const ALL: &[&str] =
    &[AUDIT_TAKE_HEAD, AUDIT_SET_HEAD, AUDIT_HEAD, AUDIT_ADD, AUDIT_OF, AUDIT_PAGE];
