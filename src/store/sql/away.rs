//! Who can be written to in chat, and what waits there for whoever can again.

/// Where an account stands as somebody who is written to.
pub const ACCOUNT_CONTACT: &str = "\
    SELECT away_since, back_at FROM account \
    WHERE platform = $1 AND workspace = $2 AND user_id = $3";
/// Marks that an account cannot be written to, unless that is known or passed meanwhile.
pub const ACCOUNT_AWAY: &str = "\
    UPDATE account SET away_since = $4 WHERE platform = $1 AND workspace = $2 AND user_id = $3 \
    AND away_since IS NULL AND (back_at IS NULL OR back_at <= $5)";
/// Marks that an account can be written to again.
pub const ACCOUNT_BACK: &str = "\
    UPDATE account SET away_since = NULL, back_at = $4 \
    WHERE platform = $1 AND workspace = $2 AND user_id = $3 AND away_since IS NOT NULL";
/// A person's messages about what waits for their decision, or what they asked for or receive and has
/// not ended, that are not in chat as they should be.
pub const CARDS_WAITING: &str = "\
    SELECT c.request_id, c.kind FROM ( \
        SELECT request_id AS id FROM card WHERE recipient = $2 AND is_open \
        UNION SELECT id FROM request WHERE grantee = $1 AND ended_at IS NULL \
        UNION SELECT id FROM request WHERE requester = $1 AND ended_at IS NULL \
    ) AS open CROSS JOIN request r CROSS JOIN card c \
    WHERE r.id = open.id AND r.ended_at IS NULL AND c.request_id = open.id AND c.recipient = $2 \
      AND (c.platform IS NULL OR c.platform = 'email' OR c.shown_version < r.version) \
    ORDER BY c.request_id, c.kind";
/// Has a message said in chat that went by mail.
pub const CARD_IN_CHAT: &str = "\
    UPDATE card SET shown_version = -2 \
    WHERE request_id = $1 AND kind = $2 AND recipient = $3 AND shown_version >= 0";

/// Every statement above; a test counts that none is missing.
pub const ALL: &[&str] =
    &[ACCOUNT_CONTACT, ACCOUNT_AWAY, ACCOUNT_BACK, CARDS_WAITING, CARD_IN_CHAT];
