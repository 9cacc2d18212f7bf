-- 外部登录: whom a provider of identities outside vouches for. Linked by the holder of the account, signed in, with the password;
-- never made by the provider, and never found by a name or an address.
CREATE TABLE outside_account (
    account   TEXT PRIMARY KEY REFERENCES account (id),
    -- Of issuer and subject: one account outside opens one account here.
    digest    TEXT NOT NULL UNIQUE,
    issuer    TEXT NOT NULL,
    -- By what its holder knows it again.
    shown     TEXT NOT NULL,
    linked_at TIMESTAMPTZ NOT NULL
);
