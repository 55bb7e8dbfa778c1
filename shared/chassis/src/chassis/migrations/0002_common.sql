-- The common tables: what every service knows of its communities and people, by the definitions in `contracts`.
-- Columns are the fields of their dataclasses (chassis.common); a test holds one against the other.

create table community (
    community text collate "C" not null,
    now timestamptz not null,
    opened_at timestamptz not null,
    playbook text collate "C" not null,
    muted boolean not null,
    unmuted_rules jsonb not null,
    muted_rules jsonb not null,
    horizon timestamptz,
    importing boolean not null,
    described jsonb not null,
    emits jsonb,
    seen_types jsonb not null,
    direct_first_contact boolean not null,
    primary key (community)
);

create table playbook (
    community text collate "C" not null,
    playbook jsonb not null,
    primary key (community)
);

create table person (
    community text collate "C" not null,
    member text collate "C" not null,
    display_name text collate "C",
    locale text collate "C",
    timezone text collate "C",
    languages jsonb not null,
    skills jsonb not null,
    experience text collate "C",
    motivations jsonb not null,
    population text collate "C",
    invited_by text collate "C",
    account_created_at timestamptz,
    customer boolean,
    bot boolean not null,
    staff boolean not null,
    hours jsonb,
    introduce boolean,
    thanks text collate "C" not null,
    digest boolean not null,
    profiling boolean not null,
    stop jsonb not null,
    joined_at timestamptz,
    first_seen_at timestamptz not null,
    inferred boolean not null,
    from_history boolean not null,
    left_at timestamptz,
    left_reason text collate "C",
    away_since timestamptz,
    paused boolean not null,
    paused_until timestamptz,
    told jsonb not null,
    attention jsonb not null,
    duty jsonb not null,
    primary key (community, member)
);

create table place (
    community text collate "C" not null,
    channel text collate "C" not null,
    visibility text collate "C" not null,
    purpose text collate "C",
    primary key (community, channel)
);

create table pulse (
    community text collate "C" not null,
    source text collate "C" not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    day_ends_at timestamptz not null,
    days jsonb not null,
    silences jsonb not null,
    primary key (community, source)
);

create table request (
    community text collate "C" not null,
    to_kind text collate "C" not null,
    to_id text collate "C" not null,
    rule text collate "C" not null,
    key text collate "C" not null,
    request text collate "C",
    kind text collate "C" not null,
    serves text collate "C",
    made_at timestamptz not null,
    expires_at timestamptz not null,
    sent_at timestamptz,
    delivered boolean not null,
    mentions jsonb not null,
    message jsonb,
    primary key (community, to_kind, to_id, rule, key)
);

create index request_by_id on request (community, request) where request is not null;
create index request_mentions on request using gin (mentions jsonb_path_ops);

create table ahead (
    community text collate "C" not null,
    thread text collate "C" not null,
    until timestamptz not null,
    facts jsonb not null,
    people jsonb not null,
    primary key (community, thread)
);
