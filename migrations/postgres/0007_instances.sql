-- Every run of the program that shares this database; on PostgreSQL each holds an advisory lock on
-- its id for as long as it lives. The twin of this file in ../sqlite has the same columns.
CREATE TABLE instance (
    id BIGINT PRIMARY KEY NOT NULL,
    joined_at BIGINT NOT NULL
);

-- Which instance holds the work; 0 when none does.
ALTER TABLE outbox ADD COLUMN instance BIGINT NOT NULL DEFAULT 0;

-- Whether the person may have no other account in that workspace: so for links on first contact,
-- not for those that an admin pinned. Links made before are guarded by the use case alone.
ALTER TABLE account ADD COLUMN is_only BOOLEAN NOT NULL DEFAULT FALSE;
CREATE UNIQUE INDEX account_only ON account (platform, workspace, person) WHERE is_only;
