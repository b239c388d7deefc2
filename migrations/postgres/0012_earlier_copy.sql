-- Copies of messages below which a newer one was posted. They are rewritten once more when their
-- request is over, so that none goes on saying what was.
CREATE TABLE earlier_copy (
    request_id BIGINT NOT NULL REFERENCES request (id),
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    platform TEXT NOT NULL,
    place TEXT NOT NULL,
    stamp TEXT NOT NULL,
    PRIMARY KEY (request_id, kind, recipient, platform, place, stamp)
);
