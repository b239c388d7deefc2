//! The statements about mailed codes and signed-in browsers.

/// Adds a code, unless the person has had `$10` in this room since `$9`, the browser `$12` since
/// `$11`, strangers at one place `$13` or everywhere `$14`, or another one of theirs is added at the
/// same time.
pub const CODE_ADD: &str = "\
    INSERT INTO sign_in_code \
        (id, person, number, room, browser, client, mac, made_at, expires_at, tries_left) \
    SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), \
        (SELECT COALESCE(MAX(number), 0) + 1 FROM sign_in_code WHERE person = $2), \
        CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS TEXT), \
        CAST($7 AS BIGINT), CAST($8 AS BIGINT), CAST($15 AS BIGINT) \
    WHERE (SELECT COUNT(*) FROM sign_in_code \
            WHERE person = $2 AND room = $3 AND made_at > $9) < $10 \
      AND (SELECT COUNT(*) FROM sign_in_code WHERE browser = $4 AND made_at > $11) < $12 \
      AND ($3 <> 'open' OR ( \
            (SELECT COUNT(*) FROM sign_in_code WHERE client = $5 AND made_at > $11) < $13 \
        AND (SELECT COUNT(*) FROM sign_in_code WHERE room = 'open' AND made_at > $11) < $14)) \
    ON CONFLICT DO NOTHING";
/// How many codes there were of a person in a room since `$5`, and since `$6` of a browser and of
/// strangers at one place.
pub const CODES_COUNT: &str = "\
    SELECT (SELECT COUNT(*) FROM sign_in_code WHERE person = $1 AND room = $2 AND made_at > $5), \
        (SELECT COUNT(*) FROM sign_in_code WHERE browser = $3 AND made_at > $6), \
        (SELECT COUNT(*) FROM sign_in_code WHERE client = $4 AND client <> '' AND made_at > $6)";
/// Takes a try off the newest code that a browser asked for, while it is good.
pub const CODE_TRY: &str = "\
    UPDATE sign_in_code SET tries_left = tries_left - 1 \
    WHERE browser = $1 AND tries_left > 0 AND expires_at > $2 AND id = ( \
        SELECT id FROM sign_in_code WHERE browser = $1 ORDER BY made_at DESC, number DESC LIMIT 1) \
    RETURNING id, person, room, mac";
/// The newest code that a browser asked for, good or not.
pub const CODE_LAST: &str = "\
    SELECT id, person, room, mac FROM sign_in_code WHERE browser = $1 \
    ORDER BY made_at DESC, number DESC LIMIT 1";
/// Ends a code that is good.
pub const CODE_SPEND: &str =
    "UPDATE sign_in_code SET expires_at = 0, tries_left = 0 WHERE id = $1 AND expires_at > $2";
/// Forgets codes that were made before.
pub const CODES_FORGET: &str = "DELETE FROM sign_in_code WHERE made_at <= $1";
/// Counts a wrong try for a person on a day; how many there are now.
pub const WRONG_ADD: &str = "\
    INSERT INTO sign_in_wrong (person, room, day, tries) VALUES ($1, $2, $3, 1) \
    ON CONFLICT (day, person, room) DO UPDATE SET tries = sign_in_wrong.tries + 1 \
    RETURNING tries";
/// Takes one back that was right.
pub const WRONG_TAKE_BACK: &str =
    "UPDATE sign_in_wrong SET tries = tries - 1 WHERE person = $1 AND room = $2 AND day = $3";
/// How many wrong tries there were for a person on a day.
pub const WRONG_GET: &str =
    "SELECT tries FROM sign_in_wrong WHERE person = $1 AND room = $2 AND day = $3";
/// Forgets wrong tries of days before.
pub const WRONG_FORGET: &str = "DELETE FROM sign_in_wrong WHERE day < $1";
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
/// Keeps which browser brought a word of Teams', where none did before.
pub const TAB_WORD_ADD: &str = "\
    INSERT INTO tab_word (id, browser, until) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING";
/// Which browser brought it first.
pub const TAB_WORD_GET: &str = "SELECT browser FROM tab_word WHERE id = $1";
/// Forgets those that are good no longer.
pub const TAB_WORDS_FORGET: &str = "DELETE FROM tab_word WHERE until <= $1";

/// All of them, for the test that prepares each.
pub const ALL: &[&str] = &[
    CODE_ADD,
    CODES_COUNT,
    CODE_TRY,
    CODE_LAST,
    CODE_SPEND,
    CODES_FORGET,
    WRONG_ADD,
    WRONG_TAKE_BACK,
    WRONG_GET,
    WRONG_FORGET,
    SESSION_ADD,
    SESSION_GET,
    SESSION_SEE,
    SESSION_END,
    SESSIONS_FORGET,
    TAB_WORD_ADD,
    TAB_WORD_GET,
    TAB_WORDS_FORGET,
];
