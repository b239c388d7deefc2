//! The statements about forms that are being filled.

/// A person's own draft.
pub const DRAFT_GET: &str = "SELECT body, version FROM draft WHERE id = $1 AND owner = $2";
/// Keeps a draft for the first time.
pub const DRAFT_ADD: &str = "\
    INSERT INTO draft (id, owner, body, version, touched_at) \
    VALUES ($1, $2, $3, CAST($4 AS BIGINT) + 1, $5) ON CONFLICT (id) DO NOTHING";
/// Keeps a draft that is still at the version it was read at.
pub const DRAFT_SAVE: &str = "\
    UPDATE draft SET body = $3, version = version + 1, touched_at = $5 \
    WHERE id = $1 AND owner = $2 AND version = $4";
/// Forgets drafts that nobody touched.
pub const DRAFT_FORGET: &str = "DELETE FROM draft WHERE touched_at < $1";

/// Every statement above; a test counts that none is missing.
pub const ALL: &[&str] = &[DRAFT_GET, DRAFT_ADD, DRAFT_SAVE, DRAFT_FORGET];
