-- What somebody asked for themselves lately, looked up whenever their form is opened; what others
-- asked for them is in `request_by_others`. One index over both would be taken in place of the
-- shorter ones for what is live and what gives access.
CREATE INDEX request_own ON request (requester, id) WHERE grantee = requester;
