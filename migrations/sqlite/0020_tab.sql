-- Teams' words on who somebody is, as keyed hashes, with the browser that brought each first (a keyed
-- hash too): no other one is signed in with it while it is good.
CREATE TABLE tab_word (
    id TEXT PRIMARY KEY NOT NULL,
    browser TEXT NOT NULL,
    until BIGINT NOT NULL
);
CREATE INDEX tab_word_until ON tab_word (until);
