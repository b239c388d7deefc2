-- An approver may take things out of a request that waits: what is live is read again when its version
-- is another one, which is found without reading the row.
DROP INDEX request_live;
CREATE INDEX request_live ON request (grantee, id, version) WHERE ended_at IS NULL;
