//! Every statement, by name. Each runs unchanged on SQLite and PostgreSQL; a test prepares all of
//! [`ALL`] on both. Times are parameters; no statement asks the database for the time.

pub mod audit;
pub mod away;
pub mod drafts;
pub mod mail;
pub mod sign_in;

/// Reserves the next numbers of requests; answers the last of them.
pub const REQUEST_NUMBERS: &str =
    "UPDATE counter SET value = value + $1 WHERE name = 'request' RETURNING value";
/// Adds a submission, once.
pub const SUBMISSION_ADD: &str = "\
    INSERT INTO submission (id, requester, grantee, submitted_at) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (id) DO NOTHING";
/// The requests that a submission became.
pub const REQUESTS_IN: &str = "\
    SELECT asked, state, version, active_at, expires_at, ended_at, id, decisions FROM request \
    WHERE submission = $1 ORDER BY id";
/// Adds a request.
pub const REQUEST_ADD: &str = "\
    INSERT INTO request (id, submission, flow, requester, grantee, asked, state, status, version, \
        submitted_at, moved_at, active_at, expires_at, ended_at, due_at, decisions) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9, NULL, $10, $11, $12, '[]')";
/// Reads a request and keeps others from moving it until the transaction ends.
pub const REQUEST_LOCK: &str = "\
    UPDATE request SET version = version WHERE id = $1 \
    RETURNING asked, state, version, active_at, expires_at, ended_at, id, decisions";
/// Reads a request.
pub const REQUEST_GET: &str = "\
    SELECT asked, state, version, active_at, expires_at, ended_at, id, decisions FROM request WHERE id = $1";
/// Moves a request that is still at the version it was read at.
pub const REQUEST_MOVE: &str = "\
    UPDATE request SET state = $3, status = $4, version = version + 1, moved_at = $5, \
        active_at = COALESCE(active_at, $6), expires_at = COALESCE($7, expires_at), \
        ended_at = COALESCE(ended_at, $8), due_at = $9, decisions = COALESCE($10, decisions) \
    WHERE id = $1 AND version = $2";
/// The requests that a person made or receives, at some statuses (`|Active|`, empty for all), newest
/// first: `$2` is above the first of them. What they receive from themselves is among what they made.
pub const LIST_REQUESTS: &str = "\
    SELECT asked, state, version, active_at, expires_at, ended_at, id, decisions FROM request WHERE id IN ( \
        SELECT id FROM (SELECT id FROM request WHERE requester = $1 AND id < $2 \
            AND ($4 = '' OR $4 LIKE '%|' || status || '|%') ORDER BY id DESC LIMIT $3) AS made \
        UNION ALL \
        SELECT id FROM (SELECT id FROM request WHERE grantee = $1 AND grantee <> requester AND id < $2 \
            AND ($4 = '' OR $4 LIKE '%|' || status || '|%') ORDER BY id DESC LIMIT $3) AS received) \
    ORDER BY id DESC LIMIT $3";
/// How many of these there are from `$2` on, and the number that a page of `$3` above `$2` is below.
pub const LIST_REQUESTS_AHEAD: &str = "\
    WITH ahead AS (SELECT id FROM request WHERE requester = $1 AND id >= $2 \
            AND ($4 = '' OR $4 LIKE '%|' || status || '|%') \
        UNION ALL SELECT id FROM request WHERE grantee = $1 AND grantee <> requester AND id >= $2 \
            AND ($4 = '' OR $4 LIKE '%|' || status || '|%')) \
    SELECT (SELECT COUNT(*) FROM ahead), (SELECT id FROM ahead ORDER BY id LIMIT 1 OFFSET $3)";
/// The requests that give a person access now, newest first.
pub const LIST_ACCESS: &str = "\
    SELECT asked, state, version, active_at, expires_at, ended_at, id, decisions FROM request \
    WHERE grantee = $1 AND status = 'Active' AND id < $2 ORDER BY id DESC LIMIT $3";
/// As [`LIST_REQUESTS_AHEAD`], of these.
pub const LIST_ACCESS_AHEAD: &str = "\
    WITH ahead AS (SELECT id FROM request WHERE grantee = $1 AND status = 'Active' AND id >= $2) \
    SELECT (SELECT COUNT(*) FROM ahead), (SELECT id FROM ahead ORDER BY id LIMIT 1 OFFSET $3)";
/// What a person asked for others, and others for them, newest first.
pub const LIST_DELEGATED: &str = "\
    SELECT asked, state, version, active_at, expires_at, ended_at, id, decisions FROM request WHERE id IN ( \
        SELECT id FROM (SELECT id FROM request WHERE requester = $1 AND grantee <> requester \
            AND id < $2 ORDER BY id DESC LIMIT $3) AS made \
        UNION ALL \
        SELECT id FROM (SELECT id FROM request WHERE grantee = $1 AND grantee <> requester \
            AND id < $2 ORDER BY id DESC LIMIT $3) AS received) \
    ORDER BY id DESC LIMIT $3";
/// As [`LIST_REQUESTS_AHEAD`], of these.
pub const LIST_DELEGATED_AHEAD: &str = "\
    WITH ahead AS ( \
        SELECT id FROM request WHERE requester = $1 AND grantee <> requester AND id >= $2 \
        UNION ALL SELECT id FROM request WHERE grantee = $1 AND grantee <> requester AND id >= $2) \
    SELECT (SELECT COUNT(*) FROM ahead), (SELECT id FROM ahead ORDER BY id LIMIT 1 OFFSET $3)";
/// How many of a person's requests stand at each status.
pub const REQUEST_COUNTS: &str = "\
    SELECT status, CAST(SUM(n) AS BIGINT) FROM ( \
        SELECT status, COUNT(*) AS n FROM request WHERE requester = $1 GROUP BY status \
        UNION ALL \
        SELECT status, COUNT(*) AS n FROM request WHERE grantee = $1 AND grantee <> requester \
            GROUP BY status) AS counted \
    GROUP BY status ORDER BY status";
/// Pending requests, newest first.
pub const REQUESTS_PENDING: &str = "\
    SELECT asked, state, version, active_at, expires_at, ended_at, id, decisions FROM request \
    WHERE status = 'Pending Approval' AND id < $1 ORDER BY id DESC LIMIT $2";
/// The pending requests that wait for a recipient's decision, newest first.
pub const LIST_WAITING: &str = "\
    SELECT r.asked, r.state, r.version, r.active_at, r.expires_at, r.ended_at, r.id, r.decisions \
    FROM card c JOIN request r ON r.id = c.request_id \
    WHERE c.recipient = $1 AND c.is_open AND c.request_id < $2 \
    ORDER BY c.request_id DESC LIMIT $3";
/// As [`LIST_REQUESTS_AHEAD`], of these.
pub const LIST_WAITING_AHEAD: &str = "\
    WITH ahead AS (SELECT request_id AS id FROM card \
        WHERE recipient = $1 AND is_open AND request_id >= $2) \
    SELECT (SELECT COUNT(*) FROM ahead), (SELECT id FROM ahead ORDER BY id LIMIT 1 OFFSET $3)";
/// What time alone moves on by now, the longest overdue first.
pub const REQUESTS_DUE: &str = "\
    SELECT asked, state, version, active_at, expires_at, ended_at, id, decisions FROM request \
    WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2";
/// When time alone next moves a request on.
pub const REQUEST_NEXT_DUE: &str = "SELECT MIN(due_at) FROM request WHERE due_at IS NOT NULL";
/// Grants that should be on their way and have no work queued. The order of the join is said: only
/// few requests are on their way, of all that ever were.
pub const GRANTS_STUCK: &str = "\
    SELECT g.body FROM request r CROSS JOIN access_grant g \
    WHERE r.status IN ('Granting', 'Revoking') AND r.moved_at <= $1 \
      AND g.request_id = r.id AND g.stage IN ('wanted', 'ending') \
      AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = 'settle:' || g.entitlement) \
    ORDER BY r.moved_at LIMIT $2";

/// Adds a grant that is wanted.
pub const GRANT_ADD: &str = "\
    INSERT INTO access_grant (request_id, entitlement, body, integration, stage, expires_at, fault) \
    VALUES ($1, $2, $3, $4, 'wanted', $5, NULL)";
/// A request's grants.
pub const GRANTS_OF: &str = "\
    SELECT entitlement, body, integration, stage, expires_at, fault FROM access_grant \
    WHERE request_id = $1 ORDER BY entitlement";
/// The open grants of an entitlement, over all requests: with what was asked for where the request is
/// being granted, and whether it is kept how to connect.
pub const GRANTS_OPEN: &str = "\
    SELECT g.request_id, g.stage, g.expires_at, \
        CASE WHEN r.status = 'Granting' THEN r.asked END, d.entitlement IS NOT NULL, \
        CASE WHEN r.status = 'Granting' THEN r.decisions END \
    FROM access_grant g JOIN request r ON r.id = g.request_id \
        LEFT JOIN access_details d ON d.entitlement = g.entitlement \
    WHERE g.entitlement = $1 AND g.stage IN ('wanted', 'held', 'ending') ORDER BY g.request_id";
/// Moves one grant on that still stands where it was read.
pub const GRANT_STAGE: &str = "\
    UPDATE access_grant SET stage = $3, fault = $4 \
    WHERE request_id = $1 AND entitlement = $2 AND stage = $5";
/// Sends every open grant of a request to its end.
pub const GRANTS_END: &str = "\
    UPDATE access_grant SET stage = 'ending' \
    WHERE request_id = $1 AND stage IN ('wanted', 'held', 'refused')";
/// Sets when a request's open grants end.
pub const GRANTS_EXPIRE: &str = "\
    UPDATE access_grant SET expires_at = $2 WHERE request_id = $1 AND stage IN ('wanted', 'held')";
/// How many of a request's grants are not settled.
pub const GRANTS_UNSETTLED: &str = "\
    SELECT COUNT(*) FROM access_grant WHERE request_id = $1 AND stage IN ('wanted', 'ending')";

/// Stars a request.
pub const FAVORITE_ADD: &str = "\
    INSERT INTO favorite (person, request_id, starred_at) VALUES ($1, $2, $3) \
    ON CONFLICT (person, request_id) DO NOTHING";
/// Takes a star away.
pub const FAVORITE_REMOVE: &str = "DELETE FROM favorite WHERE person = $1 AND request_id = $2";
/// Whether a person starred a request.
pub const FAVORITE_GET: &str =
    "SELECT starred_at FROM favorite WHERE person = $1 AND request_id = $2";
/// What a person starred, the newest star first, after the first so many.
pub const FAVORITES_OF: &str = "\
    SELECT r.asked, r.state, r.version, r.active_at, r.expires_at, r.ended_at, r.id, r.decisions \
    FROM favorite f JOIN request r ON r.id = f.request_id \
    WHERE f.person = $1 ORDER BY f.starred_at DESC, f.request_id DESC LIMIT $2 OFFSET $3";
/// What a person starred, the newest star first: `$2` is the last that was seen, or above all.
pub const LIST_FAVORITES: &str = "\
    SELECT r.asked, r.state, r.version, r.active_at, r.expires_at, r.ended_at, r.id, r.decisions \
    FROM favorite f JOIN request r ON r.id = f.request_id \
    WHERE f.person = $1 AND ($2 = 9223372036854775807 OR (f.starred_at, f.request_id) < \
        (SELECT s.starred_at, s.request_id FROM favorite s WHERE s.person = $1 AND s.request_id = $2)) \
    ORDER BY f.starred_at DESC, f.request_id DESC LIMIT $3";
/// As [`LIST_REQUESTS_AHEAD`], of these.
pub const LIST_FAVORITES_AHEAD: &str = "\
    WITH ahead AS (SELECT f.request_id AS id, f.starred_at AS starred FROM favorite f \
        WHERE f.person = $1 AND ($2 <= -9223372036854775807 OR (f.starred_at, f.request_id) >= \
            (SELECT s.starred_at, s.request_id FROM favorite s \
             WHERE s.person = $1 AND s.request_id = $2))) \
    SELECT (SELECT COUNT(*) FROM ahead), \
        (SELECT id FROM ahead ORDER BY starred, id LIMIT 1 OFFSET $3)";

/// Keeps how to connect.
pub const DETAILS_SAVE: &str = "\
    INSERT INTO access_details (entitlement, sealed, saved_at) VALUES ($1, $2, $3) \
    ON CONFLICT (entitlement) DO UPDATE SET sealed = excluded.sealed, saved_at = excluded.saved_at";
/// Reads how to connect.
pub const DETAILS_GET: &str = "SELECT sealed FROM access_details WHERE entitlement = $1";
/// How to connect with what a request gave.
pub const DETAILS_OF: &str = "\
    SELECT d.entitlement, d.sealed FROM access_grant g CROSS JOIN access_details d \
    WHERE g.request_id = $1 AND d.entitlement = g.entitlement";
/// Erases how to connect.
pub const DETAILS_ERASE: &str = "DELETE FROM access_details WHERE entitlement = $1";

/// Queues work; what is queued already runs once more. What failed since it was queued still does,
/// and what was set aside begins anew.
pub const OUTBOX_ADD: &str = "\
    INSERT INTO outbox (id, lane, thread, seq, job, generation, attempts, queued_at, run_at, \
        lease_until, holder, is_dead, error) \
    VALUES ($1, $2, $3, $4, $5, 1, 0, $6, $6, 0, '', FALSE, NULL) \
    ON CONFLICT (id) DO UPDATE SET generation = outbox.generation + 1, job = excluded.job, \
        lane = excluded.lane, run_at = excluded.run_at, attempts = 0, is_dead = FALSE, \
        queued_at = CASE WHEN outbox.is_dead THEN excluded.queued_at ELSE outbox.queued_at END";
/// Work of a lane that is due, free, and first of its thread.
pub const OUTBOX_DUE: &str = "\
    SELECT o.id, o.job, o.generation, o.attempts, o.queued_at, o.lease_until FROM outbox o \
    WHERE o.lane = $1 AND o.run_at <= $2 AND o.lease_until <= $2 AND NOT o.is_dead \
      AND NOT EXISTS (SELECT 1 FROM outbox e \
          WHERE e.thread = o.thread AND e.seq < o.seq AND NOT e.is_dead) \
    ORDER BY o.run_at, o.seq LIMIT $3";
/// Takes work that nobody took since it was read.
pub const OUTBOX_TAKE: &str = "\
    UPDATE outbox SET lease_until = $4, holder = $5, instance = $6, attempts = attempts + 1 \
    WHERE id = $1 AND generation = $2 AND lease_until = $3 AND NOT is_dead";
/// Holds work for longer.
pub const OUTBOX_RENEW: &str = "UPDATE outbox SET lease_until = $3 WHERE id = $1 AND holder = $2";
/// Removes done work, unless it was queued again meanwhile.
pub const OUTBOX_DONE: &str =
    "DELETE FROM outbox WHERE id = $1 AND generation = $2 AND holder = $3";
/// Gives back work that is still ours, to run at a time. What is done, and was queued again
/// meanwhile, begins anew.
pub const OUTBOX_AGAIN: &str = "\
    UPDATE outbox SET lease_until = 0, holder = '', instance = 0, error = $6, \
        queued_at = CASE WHEN $8 THEN CAST($5 AS BIGINT) ELSE queued_at END, \
        attempts = CASE WHEN generation = $3 THEN CAST($7 AS BIGINT) ELSE 0 END, \
        run_at = CASE WHEN generation = $3 THEN CAST($4 AS BIGINT) ELSE CAST($5 AS BIGINT) END \
    WHERE id = $1 AND holder = $2";
/// Sets aside work that cannot succeed, unless it was queued again meanwhile.
pub const OUTBOX_DEAD: &str = "\
    UPDATE outbox SET lease_until = 0, holder = '', instance = 0, error = $3, \
        is_dead = (generation = $4) \
    WHERE id = $1 AND holder = $2";
/// The lanes that hold work.
pub const OUTBOX_LANES: &str = "SELECT DISTINCT lane FROM outbox WHERE NOT is_dead ORDER BY lane";
/// When a lane's next work is due or its lease ends.
pub const OUTBOX_NEXT: &str = "\
    SELECT MIN(CASE WHEN lease_until > run_at THEN lease_until ELSE run_at END) FROM outbox \
    WHERE lane = $1 AND NOT is_dead";
/// What an instance holds.
pub const OUTBOX_HELD: &str = "SELECT id FROM outbox WHERE instance = $1";
/// Frees work of an instance that is gone.
pub const OUTBOX_FREE: &str = "\
    UPDATE outbox SET lease_until = 0, holder = '', instance = 0 WHERE id = $1 AND instance = $2";
/// Everything queued, for people who look after the service.
pub const OUTBOX_LIST: &str = "\
    SELECT id, attempts, run_at, is_dead, error FROM outbox ORDER BY is_dead, run_at LIMIT $1";

/// Adds an instance, unless it is there.
pub const INSTANCE_ADD: &str =
    "INSERT INTO instance (id, joined_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
/// The instances beside one.
pub const INSTANCES_OTHER: &str = "SELECT id FROM instance WHERE id <> $1 ORDER BY id";
/// Forgets an instance that is gone.
pub const INSTANCE_FORGET: &str = "DELETE FROM instance WHERE id = $1";

/// Adds a message to send, unless it is there.
pub const CARD_ADD: &str = "\
    INSERT INTO card (request_id, kind, recipient, platform, place, stamp, shown_version, is_open) \
    VALUES ($1, $2, $3, NULL, NULL, NULL, 0, $4) \
    ON CONFLICT (request_id, kind, recipient) DO NOTHING";
/// Closes what asked for decisions on a request that waits for none any more.
pub const CARDS_CLOSE: &str =
    "UPDATE card SET is_open = FALSE WHERE request_id = $1 AND kind = 'ask' AND is_open";
/// Marks one of a request's messages to be posted anew, below what came since.
pub const CARDS_ANEW: &str = "\
    UPDATE card SET shown_version = -1 WHERE request_id = $1 AND kind = $2 AND place IS NOT NULL";
/// Opens what asks somebody for a decision again.
pub const CARD_OPEN: &str =
    "UPDATE card SET is_open = TRUE WHERE request_id = $1 AND kind = 'ask' AND recipient = $2";
/// Lets what asks somebody for a decision ask or not, and be shown anew.
pub const CARD_TURN: &str = "\
    UPDATE card SET is_open = $3, shown_version = 0 \
    WHERE request_id = $1 AND kind = 'ask' AND recipient = $2";
/// Who is asked about the requests that wait for approvers, from a number to below another.
pub const CARDS_ASKING: &str = "\
    SELECT c.request_id, c.recipient FROM request r CROSS JOIN card c \
    WHERE r.status = 'Pending Approval' AND r.id >= $1 AND r.id < $2 \
      AND c.request_id = r.id AND c.kind = 'ask' AND c.is_open";
/// The messages of requests, and when their readers last looked at their Homes.
pub const CARDS_OF: &str = "\
    SELECT c.request_id, c.kind, c.recipient, h.seen_at \
    FROM card c LEFT JOIN home h ON h.recipient = c.recipient \
    WHERE c.request_id IN ($1) ORDER BY c.request_id, c.kind, c.recipient";
/// One message, and the request that it is about.
pub const CARD_GET: &str = "\
    SELECT r.asked, r.state, r.version, r.active_at, r.expires_at, r.ended_at, r.id, r.decisions, \
        c.kind, c.recipient, c.platform, c.place, c.stamp, c.shown_version, c.is_open \
    FROM card c JOIN request r ON r.id = c.request_id \
    WHERE c.request_id = $1 AND c.kind = $2 AND c.recipient = $3";
/// Keeps where a message was posted and what it showed, unless it was marked meanwhile. One that was
/// opened or closed meanwhile does not show that yet; one that was to be said in chat, and was, is said.
pub const CARD_SHOWN: &str = "\
    UPDATE card SET platform = $4, place = $5, stamp = $6, \
        shown_version = CASE WHEN is_open = $9 THEN CAST($7 AS BIGINT) ELSE 0 END \
    WHERE request_id = $1 AND kind = $2 AND recipient = $3 \
      AND (shown_version = $8 OR (shown_version = -2 AND $4 <> 'email'))";

/// Keeps where a message is that a newer one takes the place of.
pub const EARLIER_ADD: &str = "\
    INSERT INTO earlier_copy (request_id, kind, recipient, platform, place, stamp) \
    VALUES ($1, $2, $3, $4, $5, $6) \
    ON CONFLICT (request_id, kind, recipient, platform, place, stamp) DO NOTHING";
/// Where the earlier ones of a message are.
pub const EARLIER_OF: &str = "\
    SELECT platform, place, stamp FROM earlier_copy \
    WHERE request_id = $1 AND kind = $2 AND recipient = $3 ORDER BY platform, place, stamp";

/// Notes that somebody looks at their Home, and what they chose to see there.
pub const HOME_SEE: &str = "\
    INSERT INTO home (recipient, platform, workspace, user_id, place, seen_at, shown_at, stamp) \
    VALUES ($1, $2, $3, $4, $5, $6, 0, NULL) \
    ON CONFLICT (recipient) DO UPDATE SET platform = excluded.platform, \
        workspace = excluded.workspace, user_id = excluded.user_id, place = excluded.place, \
        seen_at = excluded.seen_at, \
        stamp = CASE WHEN home.user_id = excluded.user_id THEN home.stamp END";
/// A person's Home.
pub const HOME_GET: &str = "\
    SELECT platform, workspace, user_id, place, seen_at, shown_at, stamp FROM home \
    WHERE recipient = $1";
/// Keeps what was published.
pub const HOME_SHOWN: &str = "UPDATE home SET shown_at = $2, stamp = $3 WHERE recipient = $1";
/// Forgets a Home that cannot be reached any more.
pub const HOME_FORGET: &str = "DELETE FROM home WHERE recipient = $1";

/// Links an account to a person, once; an only one, unless the person has another.
pub const ACCOUNT_LINK: &str = "\
    INSERT INTO account (platform, workspace, user_id, person, linked_at, is_only) \
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
/// Links an account to another person.
pub const ACCOUNT_RELINK: &str = "\
    UPDATE account SET person = $4, linked_at = $5, is_only = FALSE, locale = NULL \
    WHERE platform = $1 AND workspace = $2 AND user_id = $3";
/// Whose account it is.
pub const ACCOUNT_GET: &str = "\
    SELECT person FROM account WHERE platform = $1 AND workspace = $2 AND user_id = $3";
/// Notes the locale of an account, where it is another one than before.
pub const ACCOUNT_LOCALE_SET: &str = "\
    UPDATE account SET locale = $4 WHERE platform = $1 AND workspace = $2 AND user_id = $3 \
    AND (locale IS NULL OR locale <> $4)";
/// The locale of an account.
pub const ACCOUNT_LOCALE: &str = "\
    SELECT locale FROM account WHERE platform = $1 AND workspace = $2 AND user_id = $3";
/// Notes where an account is written to, where it is another place than before.
pub const ACCOUNT_DIRECT_SET: &str = "\
    UPDATE account SET direct = $4, away_since = NULL, back_at = $5 \
    WHERE platform = $1 AND workspace = $2 AND user_id = $3 \
    AND (direct IS NULL OR direct <> $4 OR away_since IS NOT NULL)";
/// Forgets where an account is written to.
pub const ACCOUNT_DIRECT_FORGET: &str = "\
    UPDATE account SET direct = NULL WHERE platform = $1 AND workspace = $2 AND user_id = $3 \
    AND direct IS NOT NULL";
/// Where an account is written to.
pub const ACCOUNT_DIRECT: &str = "\
    SELECT direct FROM account WHERE platform = $1 AND workspace = $2 AND user_id = $3";
/// A person's accounts on a platform, oldest link first.
pub const ACCOUNTS_OF: &str = "\
    SELECT workspace, user_id, locale, away_since FROM account WHERE person = $1 AND platform = $2 \
    ORDER BY linked_at, user_id";

/// Marks a thing that a platform sent as acted on.
pub const INBOUND_SEE: &str =
    "INSERT INTO inbound (key, seen_at) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
/// Forgets what no platform repeats any more.
pub const INBOUND_FORGET: &str = "DELETE FROM inbound WHERE seen_at < $1";

/// Marks what admins are told once.
pub const TOLD_ADD: &str =
    "INSERT INTO told (what, told_at) VALUES ($1, $2) ON CONFLICT (what) DO NOTHING";
/// When admins were told.
pub const TOLD_AT: &str = "SELECT told_at FROM told WHERE what = $1";
/// Forgets that admins were told.
pub const TOLD_FORGET: &str = "DELETE FROM told WHERE what = $1";
/// Of which requests that wait for approvers admins were told what begins so.
pub const TOLD_OF_PENDING: &str = "\
    SELECT r.id FROM request r CROSS JOIN told t \
    WHERE r.status = 'Pending Approval' AND r.id >= $1 AND r.id < $2 \
      AND t.what = $3 || CAST(r.id AS TEXT)";
/// Which of a person's requests have not ended, newest first.
pub const REQUESTS_LIVE_IDS: &str =
    "SELECT id, version FROM request WHERE grantee = $1 AND ended_at IS NULL ORDER BY id DESC";
/// What a person's requests ask for that have not ended, newest first.
pub const REQUESTS_LIVE: &str = "\
    SELECT id, asked, version, decisions FROM request WHERE grantee = $1 AND ended_at IS NULL ORDER BY id DESC";
/// What a person's newest requests asked for, by themselves or by others for them.
pub const REQUESTS_RECENT: &str = "\
    SELECT id, asked FROM request WHERE id IN ( \
        SELECT id FROM (SELECT id FROM request WHERE requester = $1 AND grantee = requester \
            ORDER BY id DESC LIMIT $2) AS own \
        UNION ALL \
        SELECT id FROM (SELECT id FROM request WHERE grantee = $1 AND grantee <> requester \
            ORDER BY id DESC LIMIT $2) AS received) \
    ORDER BY id DESC LIMIT $2";

/// Keeps a part of what an integration listed.
pub const LISTED_PUT: &str = "\
    INSERT INTO listed (integration, part, body) VALUES ($1, $2, $3) \
    ON CONFLICT (integration, part) DO UPDATE SET body = excluded.body";
/// Forgets the parts of what an integration listed that come after its last.
pub const LISTED_CUT: &str = "DELETE FROM listed WHERE integration = $1 AND part > $2";
/// The next parts of what integrations listed, after one.
pub const LISTED_PAGE: &str = "\
    SELECT integration, part, body FROM listed WHERE (integration, part) > ($1, $2) \
    ORDER BY integration, part LIMIT $3";

/// Every statement above; a test counts that none is missing.
pub const ALL: &[&str] = &[
    REQUEST_NUMBERS,
    SUBMISSION_ADD,
    REQUESTS_IN,
    REQUEST_ADD,
    REQUEST_LOCK,
    REQUEST_GET,
    REQUEST_MOVE,
    LIST_REQUESTS,
    LIST_REQUESTS_AHEAD,
    LIST_ACCESS,
    LIST_ACCESS_AHEAD,
    LIST_DELEGATED,
    LIST_DELEGATED_AHEAD,
    REQUEST_COUNTS,
    REQUESTS_PENDING,
    LIST_WAITING,
    LIST_WAITING_AHEAD,
    REQUESTS_DUE,
    REQUEST_NEXT_DUE,
    GRANTS_STUCK,
    GRANT_ADD,
    GRANTS_OF,
    GRANTS_OPEN,
    GRANT_STAGE,
    GRANTS_END,
    GRANTS_EXPIRE,
    GRANTS_UNSETTLED,
    FAVORITE_ADD,
    FAVORITE_REMOVE,
    FAVORITE_GET,
    FAVORITES_OF,
    LIST_FAVORITES,
    LIST_FAVORITES_AHEAD,
    DETAILS_SAVE,
    DETAILS_GET,
    DETAILS_OF,
    DETAILS_ERASE,
    OUTBOX_ADD,
    OUTBOX_DUE,
    OUTBOX_TAKE,
    OUTBOX_RENEW,
    OUTBOX_DONE,
    OUTBOX_AGAIN,
    OUTBOX_DEAD,
    OUTBOX_LANES,
    OUTBOX_NEXT,
    OUTBOX_HELD,
    OUTBOX_FREE,
    OUTBOX_LIST,
    INSTANCE_ADD,
    INSTANCES_OTHER,
    INSTANCE_FORGET,
    CARD_ADD,
    CARDS_CLOSE,
    CARDS_ANEW,
    CARD_OPEN,
    CARD_TURN,
    CARDS_ASKING,
    CARDS_OF,
    CARD_GET,
    CARD_SHOWN,
    EARLIER_ADD,
    EARLIER_OF,
    HOME_SEE,
    HOME_GET,
    HOME_SHOWN,
    HOME_FORGET,
    ACCOUNT_LINK,
    ACCOUNT_RELINK,
    ACCOUNT_GET,
    ACCOUNT_LOCALE_SET,
    ACCOUNT_LOCALE,
    ACCOUNT_DIRECT_SET,
    ACCOUNT_DIRECT_FORGET,
    ACCOUNT_DIRECT,
    ACCOUNTS_OF,
    INBOUND_SEE,
    INBOUND_FORGET,
    TOLD_ADD,
    TOLD_AT,
    TOLD_FORGET,
    TOLD_OF_PENDING,
    REQUESTS_LIVE_IDS,
    REQUESTS_LIVE,
    REQUESTS_RECENT,
    LISTED_PUT,
    LISTED_CUT,
    LISTED_PAGE,
];
