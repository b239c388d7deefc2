-- A request's decisions stand in its row: whoever reads the one reads the others. A list of what
-- `domain::record` keeps, as JSON. The twin of this file in ../postgres has the same columns.
ALTER TABLE request ADD COLUMN decisions TEXT NOT NULL DEFAULT '[]';
UPDATE request SET decisions = (
    SELECT json_group_array(json_object(
        'by', person,
        'is_approval', json(CASE WHEN verdict = 'approve' THEN 'true' ELSE 'false' END),
        'reason', reason,
        'is_own', json(CASE WHEN is_own THEN 'true' ELSE 'false' END),
        'at', strftime('%Y-%m-%dT%H:%M:%fZ', decided_at / 1000.0, 'unixepoch')) ORDER BY version)
    FROM decision WHERE request_id = request.id)
WHERE id IN (SELECT request_id FROM decision);
DROP TABLE decision;

-- Work is claimed in this order: with all of it in the index the first of ten thousand that are due
-- at once are found without sorting the rest.
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (lane, run_at, seq) WHERE NOT is_dead;
