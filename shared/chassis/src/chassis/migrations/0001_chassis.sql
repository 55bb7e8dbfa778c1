-- What the chassis keeps for a service: where it stands in the log, who may write, what it has seen, what falls due,
-- what it has yet to say, what it could not read; and the common tables, kept by the common rules.
-- Text is compared byte by byte (collate "C"), as Python compares it: an order decides nothing twice.

-- One row per partition. `epoch` is that of the lease under which it may be moved; (epoch, seq) is compared and set.
create table cursor (
    partition smallint primary key,
    epoch bigint not null,
    seq bigint not null,
    digest bytea,
    log text collate "C"
);

create table lease (
    partition smallint primary key,
    holder text collate "C",
    epoch bigint not null default 0,
    expires_at timestamptz
);

create table replica (
    replica text collate "C" primary key,
    expires_at timestamptz not null
);

-- Identities that were accepted. A key begins with 48 bits of the event's time, so that the index stays warm however
-- much history there is; what left the window of 30 days is cleaned away by range of acceptance.
create table seen (
    key bytea primary key,
    community text collate "C" not null,
    accepted_at timestamptz not null
);
create index seen_accepted on seen using brin (accepted_at);

create table deadline (
    community text collate "C" not null,
    kind text collate "C" not null,
    key text collate "C" not null,
    partition smallint not null,
    due timestamptz not null,
    armed_at timestamptz not null,
    cause_source text collate "C" not null,
    cause_id text collate "C" not null,
    cause_correlation text collate "C" not null,
    backfill boolean not null,
    primary key (community, kind, key)
);
create index deadline_due on deadline (community, due, kind, key);
create index deadline_partition on deadline (partition);

create table outbox (
    partition smallint not null,
    position bigint not null,
    stream text collate "C" not null,
    subject text collate "C" not null,
    identity text collate "C" not null,
    body bytea not null,
    committed_at timestamptz not null default now(),
    primary key (partition, position)
);

create table dead_letter (
    letter text collate "C" primary key,
    partition smallint not null,
    community text collate "C" not null,
    kind text collate "C" not null,
    what text collate "C" not null,
    place text collate "C" not null,
    cure text collate "C" not null,
    event_source text collate "C",
    event_id text collate "C",
    event_type text collate "C",
    subject text collate "C",
    seq bigint not null,
    body bytea not null,
    traceback text collate "C",
    at timestamptz,
    committed_at timestamptz not null default now(),
    settled text collate "C" check (settled in ('redriven', 'dropped')),
    settled_at timestamptz
);
create index dead_letter_open on dead_letter (committed_at) where settled is null;
