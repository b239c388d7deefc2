//! The statements about mailed codes and signed-in browsers.

/// Adds a code, unless the person has had `$8` since `$7`, or everybody together `$9`, or another
/// one of theirs is added at the same time.
pub const CODE_ADD: &str = "\
    INSERT INTO sign_in_code (id, person, number, browser, mac, made_at, expires_at, tries_left) \
    SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), \
        (SELECT COALESCE(MAX(number), 0) + 1 FROM sign_in_code WHERE person = $2), \
        CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS BIGINT), CAST($6 AS BIGINT), \
        CAST($10 AS BIGINT) \
    WHERE (SELECT COUNT(*) FROM sign_in_code WHERE person = $2 AND made_at > $7) < $8 \
      AND (SELECT COUNT(*) FROM sign_in_code WHERE made_at > $7) < $9 \
    ON CONFLICT DO NOTHING";
/// Takes a try off the newest code that a browser asked for, while it is good.
pub const CODE_TRY: &str = "\
    UPDATE sign_in_code SET tries_left = tries_left - 1 \
    WHERE browser = $1 AND tries_left > 0 AND expires_at > $2 AND id = ( \
        SELECT id FROM sign_in_code WHERE browser = $1 ORDER BY made_at DESC, number DESC LIMIT 1) \
    RETURNING id, person, mac";
/// Ends a code that is good.
pub const CODE_SPEND: &str =
    "UPDATE sign_in_code SET expires_at = 0, tries_left = 0 WHERE id = $1 AND expires_at > $2";
/// Forgets codes that were made before.
pub const CODES_FORGET: &str = "DELETE FROM sign_in_code WHERE made_at <= $1";
/// Adds a signed-in browser.
pub const SESSION_ADD: &str = "\
    INSERT INTO web_session (id, person, way, made_at, seen_at) VALUES ($1, $2, $3, $4, $4)";
/// Who is signed in, where that began after `$2` and was used after `$3`.
pub const SESSION_GET: &str = "\
    SELECT person, seen_at FROM web_session WHERE id = $1 AND made_at > $2 AND seen_at > $3";
/// Notes that a signed-in browser was used.
pub const SESSION_SEE: &str = "UPDATE web_session SET seen_at = $2 WHERE id = $1 AND seen_at < $2";
/// Signs a browser out.
pub const SESSION_END: &str = "DELETE FROM web_session WHERE id = $1";
/// Forgets browsers that were signed in before `$1` or not used since `$2`.
pub const SESSIONS_FORGET: &str = "DELETE FROM web_session WHERE made_at <= $1 OR seen_at <= $2";

/// All of them, for the test that prepares each.
pub const ALL: &[&str] = &[
    CODE_ADD,
    CODE_TRY,
    CODE_SPEND,
    CODES_FORGET,
    SESSION_ADD,
    SESSION_GET,
    SESSION_SEE,
    SESSION_END,
    SESSIONS_FORGET,
];
