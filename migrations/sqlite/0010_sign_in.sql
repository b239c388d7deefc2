-- Codes that were mailed to sign in with, as keyed hashes, bound to the browser that asked. `number`
-- counts a person's: two that are made at the same time cannot both be the next.
CREATE TABLE sign_in_code (
    id TEXT PRIMARY KEY NOT NULL,
    person TEXT NOT NULL,
    number BIGINT NOT NULL,
    browser TEXT NOT NULL,
    mac TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    tries_left BIGINT NOT NULL
);
CREATE UNIQUE INDEX sign_in_code_number ON sign_in_code (person, number);
CREATE INDEX sign_in_code_browser ON sign_in_code (browser, made_at);
CREATE INDEX sign_in_code_made ON sign_in_code (made_at);

-- Browsers that are signed in, by a keyed hash of what their cookie holds.
CREATE TABLE web_session (
    id TEXT PRIMARY KEY NOT NULL,
    person TEXT NOT NULL,
    way TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX web_session_seen ON web_session (seen_at);
