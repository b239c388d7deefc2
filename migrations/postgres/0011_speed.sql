-- A request's decisions stand in its row: whoever reads the one reads the others. A list of what
-- `domain::record` keeps, as JSON. The twin of this file in ../sqlite has the same columns.
ALTER TABLE request ADD COLUMN decisions TEXT NOT NULL DEFAULT '[]';
UPDATE request SET decisions = (
    SELECT json_agg(json_build_object(
        'by', person,
        'is_approval', verdict = 'approve',
        'reason', reason,
        'is_own', is_own,
        'at', to_char(to_timestamp(decided_at / 1000.0) AT TIME ZONE 'UTC',
            'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY version)::text
    FROM decision WHERE request_id = request.id)
WHERE id IN (SELECT request_id FROM decision);
DROP TABLE decision;

-- Work is claimed in this order: with all of it in the index the first of ten thousand that are due
-- at once are found without sorting the rest.
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (lane, run_at, seq) WHERE NOT is_dead;
