-- Requests that a person starred, to ask for them again; their own submissions only.
CREATE TABLE favorite (
    person TEXT NOT NULL,
    request_id BIGINT NOT NULL REFERENCES request (id),
    starred_at BIGINT NOT NULL,
    PRIMARY KEY (person, request_id)
);
CREATE INDEX favorite_newest ON favorite (person, starred_at, request_id);
