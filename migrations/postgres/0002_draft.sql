-- A form that somebody fills: `body` is the domain's JSON. Only its owner reads it; a day after the last touch it goes.
CREATE TABLE draft (
    id TEXT PRIMARY KEY NOT NULL,
    owner TEXT NOT NULL,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,
    touched_at BIGINT NOT NULL
);
CREATE INDEX draft_touched ON draft (touched_at);

-- What somebody has or waits for, looked up whenever they are about to ask for more.
CREATE INDEX request_live ON request (grantee, id) WHERE ended_at IS NULL;
