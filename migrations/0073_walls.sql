-- Links by which a screen on a wall shows, without anybody signed in, what a unit sees.
CREATE TABLE wall_link (
    id            TEXT PRIMARY KEY,
    -- Of the token, which is kept nowhere.
    digest        TEXT NOT NULL UNIQUE,
    org           TEXT NOT NULL REFERENCES org (id),
    -- Who made it: it shows what this account may still see there.
    account       TEXT NOT NULL REFERENCES account (id),
    made_name     TEXT NOT NULL,
    -- Where the screen hangs, as its maker wrote it.
    label         TEXT NOT NULL,
    made_at       TIMESTAMPTZ NOT NULL,
    -- The last day on which it opens.
    ends_on       DATE NOT NULL,
    first_used_at TIMESTAMPTZ,
    revoked_at    TIMESTAMPTZ,
    revoked_name  TEXT NOT NULL,
    CHECK ((revoked_at IS NULL) = (revoked_name = ''))
);
CREATE INDEX wall_link_by_org ON wall_link (org, made_at);
