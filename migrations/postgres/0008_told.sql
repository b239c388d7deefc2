-- What admins were told once and are not told again, by a name for it.
CREATE TABLE told (
    what TEXT PRIMARY KEY NOT NULL,
    told_at BIGINT NOT NULL
);
