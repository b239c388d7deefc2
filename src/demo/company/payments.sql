CREATE TABLE payment (id BIGINT PRIMARY KEY, amount_cents BIGINT NOT NULL, currency TEXT NOT NULL, status TEXT NOT NULL);
INSERT INTO payment SELECT n, 100 * n, 'EUR', CASE WHEN n % 7 = 0 THEN 'failed' ELSE 'settled' END FROM generate_series(1, 70) n;
GRANT SELECT ON payment TO reporting;
