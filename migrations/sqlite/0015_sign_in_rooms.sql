-- Codes of two rooms: asked for with nothing but an address, or by who came with a link that was
-- mailed to them or in a browser of theirs. What is used up in one leaves the other alone. `client`
-- is a keyed hash of where the first kind was asked for.
ALTER TABLE sign_in_code ADD COLUMN room TEXT NOT NULL DEFAULT 'open';
ALTER TABLE sign_in_code ADD COLUMN client TEXT NOT NULL DEFAULT '';
CREATE INDEX sign_in_code_client ON sign_in_code (client, made_at);

-- How often a wrong code was tried for a person on a day (days since 1970, UTC).
CREATE TABLE sign_in_wrong (
    person TEXT NOT NULL,
    room TEXT NOT NULL,
    day BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    PRIMARY KEY (day, person, room)
);
