-- What somebody was told of a request by email: a mail cannot be rewritten, so the last news decides
-- whether there is more to say. `sent` counts mails. The twin of this file in ../sqlite has the same
-- columns.
CREATE TABLE mail (
    request_id BIGINT NOT NULL REFERENCES request (id),
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    news TEXT NOT NULL,
    sent BIGINT NOT NULL,
    PRIMARY KEY (request_id, kind, recipient)
);
