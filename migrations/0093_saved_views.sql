-- 存下的条件: what somebody asked of a list, under a name of its own, for its holder alone.
CREATE TABLE saved_view (
    id      TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    -- The address of the list, and what was asked of it.
    list    TEXT NOT NULL,
    name    TEXT NOT NULL,
    query   TEXT NOT NULL
);
CREATE UNIQUE INDEX saved_view_once ON saved_view (account, list, name);
