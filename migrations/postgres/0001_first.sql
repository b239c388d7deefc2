-- Times are epoch milliseconds, ids and JSON are TEXT. The twin of this file in ../sqlite has the same columns.
CREATE TABLE counter (
    name TEXT PRIMARY KEY NOT NULL,
    value BIGINT NOT NULL
);
INSERT INTO counter (name, value) VALUES ('request', 1000);

CREATE TABLE submission (
    id TEXT PRIMARY KEY NOT NULL,
    requester TEXT NOT NULL,
    grantee TEXT NOT NULL,
    submitted_at BIGINT NOT NULL
);

-- `asked` and `state` are the domain's JSON; `status` and the times repeat what is searched for.
-- `due_at` is when time alone moves the request on: while access is given it is the revocation's appointment.
CREATE TABLE request (
    id BIGINT PRIMARY KEY NOT NULL,
    submission TEXT NOT NULL REFERENCES submission (id),
    flow TEXT NOT NULL,
    requester TEXT NOT NULL,
    grantee TEXT NOT NULL,
    asked TEXT NOT NULL,
    state TEXT NOT NULL,
    status TEXT NOT NULL,
    version BIGINT NOT NULL,
    submitted_at BIGINT NOT NULL,
    moved_at BIGINT NOT NULL,
    active_at BIGINT,
    expires_at BIGINT,
    ended_at BIGINT,
    due_at BIGINT
);
CREATE INDEX request_submission ON request (submission, id);
CREATE INDEX request_due ON request (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX request_requester ON request (requester, id);
CREATE INDEX request_grantee ON request (grantee, id);
CREATE INDEX request_pending ON request (id) WHERE status = 'Pending Approval';
CREATE INDEX request_moving ON request (moved_at) WHERE status IN ('Granting', 'Revoking');

CREATE TABLE decision (
    request_id BIGINT NOT NULL REFERENCES request (id),
    version BIGINT NOT NULL,
    person TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT,
    is_own BOOLEAN NOT NULL,
    decided_at BIGINT NOT NULL,
    PRIMARY KEY (request_id, version)
);

-- An entitlement wanted, held or ending because of a request (`grant` is a word of SQL).
CREATE TABLE access_grant (
    request_id BIGINT NOT NULL REFERENCES request (id),
    entitlement TEXT NOT NULL,
    body TEXT NOT NULL,
    integration TEXT NOT NULL,
    stage TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    fault TEXT,
    PRIMARY KEY (request_id, entitlement)
);
CREATE INDEX access_grant_open ON access_grant (entitlement) WHERE stage IN ('wanted', 'held', 'ending');

-- How to connect, sealed; one per entitlement, erased with its last grant.
CREATE TABLE access_details (
    entitlement TEXT PRIMARY KEY NOT NULL,
    sealed TEXT NOT NULL,
    saved_at BIGINT NOT NULL
);

-- Work to do. Queueing what is queued raises `generation`, so that it runs once more.
CREATE TABLE outbox (
    id TEXT PRIMARY KEY NOT NULL,
    lane TEXT NOT NULL,
    thread TEXT NOT NULL,
    seq BIGINT NOT NULL,
    job TEXT NOT NULL,
    generation BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    queued_at BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    holder TEXT NOT NULL,
    is_dead BOOLEAN NOT NULL,
    error TEXT
);
CREATE INDEX outbox_due ON outbox (lane, run_at) WHERE NOT is_dead;
CREATE INDEX outbox_thread ON outbox (thread, seq) WHERE NOT is_dead;

-- Every copy of every message, so that it can be rewritten; `place` and `stamp` once it was posted.
-- `is_open` while it asks somebody for a decision on a request that waits for one.
CREATE TABLE card (
    request_id BIGINT NOT NULL REFERENCES request (id),
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    platform TEXT,
    place TEXT,
    stamp TEXT,
    shown_version BIGINT NOT NULL,
    is_open BOOLEAN NOT NULL,
    PRIMARY KEY (request_id, kind, recipient)
);
CREATE INDEX card_open ON card (recipient, request_id) WHERE is_open;

CREATE TABLE account (
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    user_id TEXT NOT NULL,
    person TEXT NOT NULL,
    linked_at BIGINT NOT NULL,
    PRIMARY KEY (platform, workspace, user_id)
);
CREATE INDEX account_person ON account (person, platform);

-- Keys of what the platforms sent and we acted on, so that a repeat does nothing.
CREATE TABLE inbound (
    key TEXT PRIMARY KEY NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX inbound_seen ON inbound (seen_at);

-- What connectors listed, so that a restart while a target is down still knows it: a thousand
-- resources a row, as a JSON list.
CREATE TABLE listed (
    integration TEXT NOT NULL,
    part BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (integration, part)
);

CREATE TABLE audit (
    seq BIGINT PRIMARY KEY NOT NULL,
    happened_at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    request_id BIGINT,
    body TEXT NOT NULL,
    mac TEXT NOT NULL
);
CREATE INDEX audit_request ON audit (request_id);

-- The end of the chain; its keyed seal keeps a cut tail from going unseen.
CREATE TABLE audit_head (
    id BIGINT PRIMARY KEY NOT NULL,
    seq BIGINT NOT NULL,
    mac TEXT NOT NULL,
    seal TEXT NOT NULL
);
INSERT INTO audit_head (id, seq, mac, seal) VALUES (1, 0, '', '');
