-- A person's lists are read in order of number and filtered by status from these alone.
DROP INDEX request_requester;
DROP INDEX request_grantee;
CREATE INDEX request_requester ON request (requester, id, status);
CREATE INDEX request_for_others ON request (requester, id) WHERE grantee <> requester;
CREATE INDEX request_by_others ON request (grantee, id, status) WHERE grantee <> requester;
CREATE INDEX request_access ON request (grantee, id) WHERE status = 'Active';

-- Whose Home was opened: by which account and when last, what was chosen in it, and what was
-- published. `recipient` as in `card`, so that a request's readers are found without reading people.
CREATE TABLE home (
    recipient TEXT PRIMARY KEY NOT NULL,
    platform TEXT NOT NULL,
    workspace TEXT NOT NULL,
    user_id TEXT NOT NULL,
    place TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    shown_at BIGINT NOT NULL,
    stamp TEXT
);
