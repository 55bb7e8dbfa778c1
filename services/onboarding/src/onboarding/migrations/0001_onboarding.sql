-- What onboarding knows. The columns are those of the dataclasses in `state.py`; text is compared byte by byte
-- (collate "C"), as Python compares it. Every table begins with the community.

create table newcomer (
    community text collate "C" not null,
    member text collate "C" not null,
    joined_at timestamptz,
    joined_by text collate "C",
    waits text collate "C",
    welcomed_at timestamptz,
    welcomed_by text collate "C",
    left_at timestamptz,
    alive_at timestamptz,
    alive_by text collate "C",
    introduction text collate "C" not null,
    introduction_by text collate "C",
    wanted_at timestamptz,
    action jsonb,
    done jsonb not null,
    first_post jsonb,
    replied_at timestamptz,
    replied_by text collate "C",
    nudged_on date,
    stalled_at timestamptz,
    onboarded_at timestamptz,
    wave text collate "C",
    called_in boolean not null,
    alone boolean not null,
    activated boolean not null,
    primary key (community, member)
);
create index newcomer_waiting on newcomer (community, waits, joined_at, member) where waits is not null;
create index newcomer_wanting on newcomer (community, wanted_at, member) where introduction = 'wanted';
create index newcomer_nudged on newcomer (community, member) where nudged_on is not null;

create table door (
    community text collate "C" not null primary key,
    recent jsonb not null,
    hold text collate "C",
    hold_since timestamptz
);

create table climate (
    community text collate "C" not null primary key,
    crises jsonb not null,
    surges jsonb not null,
    purposes jsonb not null
);

create table said (
    community text collate "C" not null,
    decision text collate "C" not null,
    type text collate "C" not null,
    about text collate "C" not null,
    text text collate "C" not null,
    day date not null,
    primary key (community, decision)
);
create index said_day on said (community, day, decision);
create index said_about on said (community, about, decision);

create table relay (
    community text collate "C" not null,
    member text collate "C" not null,
    standing text collate "C" not null,
    origin text collate "C" not null,
    since timestamptz not null,
    until timestamptz,
    paired_at timestamptz,
    primary key (community, member)
);

create table pairing (
    community text collate "C" not null,
    newcomer text collate "C" not null,
    state text collate "C" not null,
    relay text collate "C",
    attempt bigint not null,
    tried jsonb not null,
    paired jsonb not null,
    began_by text collate "C" not null,
    asked_at timestamptz not null,
    asked_by text collate "C" not null,
    paired_at timestamptz,
    replaces text collate "C",
    primary key (community, newcomer)
);
create index pairing_relay on pairing (community, relay, asked_at, newcomer) where state in ('asking', 'paired');
create index pairing_tried on pairing using gin (tried jsonb_path_ops);
create index pairing_paired on pairing using gin (paired jsonb_path_ops);

create table guide (
    community text collate "C" not null,
    member text collate "C" not null,
    skills jsonb not null,
    accepted jsonb not null,
    answers jsonb not null,
    count bigint not null,
    named_at timestamptz,
    primary key (community, member)
);
create index guide_skills on guide using gin (skills jsonb_path_ops);
create index guide_accepted on guide using gin (accepted jsonb_path_ops);
create index guide_answering on guide (community, count desc, named_at, member) where count > 0;

create table presence (
    community text collate "C" not null,
    member text collate "C" not null,
    first_at timestamptz not null,
    first_by text collate "C" not null,
    last_at timestamptz not null,
    last_by text collate "C" not null,
    last_day date not null,
    days bigint not null,
    gaps jsonb not null,
    weeks bigint not null,
    habit_at timestamptz,
    posts jsonb not null,
    unheard_due timestamptz,
    unheard_at timestamptz,
    lapsed_at timestamptz,
    lapsed_by text collate "C",
    invited_at timestamptz,
    primary key (community, member)
);

create table thread (
    community text collate "C" not null,
    thread text collate "C" not null,
    day date not null,
    author text collate "C",
    post text collate "C",
    channel text collate "C",
    title text collate "C",
    url text collate "C",
    question boolean not null,
    open boolean not null,
    hidden boolean not null,
    asked_at timestamptz,
    skills jsonb not null,
    words jsonb not null,
    awaiting jsonb not null,
    gone jsonb not null,
    primary key (community, thread)
);
create index thread_day on thread (community, day, thread);
create index thread_open on thread (community, asked_at desc, thread) where open;
create index thread_open_skills on thread using gin (skills jsonb_path_ops) where open;
create index thread_author on thread (community, author);
create index thread_awaiting on thread using gin (awaiting jsonb_path_ops);
create index thread_words on thread using gin (words jsonb_path_ops);

create table sponsor_seen (
    community text collate "C" not null,
    member text collate "C" not null,
    last_at timestamptz not null,
    told_at timestamptz,
    primary key (community, member)
);

create table promise (
    community text collate "C" not null,
    promise text collate "C" not null,
    by text collate "C" not null,
    promised_to text collate "C",
    what text collate "C" not null,
    due timestamptz not null,
    made_by text collate "C" not null,
    kept_at timestamptz,
    late_by text collate "C",
    primary key (community, promise)
);
create index promise_by on promise (community, by, promise);

create table wave (
    community text collate "C" not null,
    wave text collate "C" not null,
    opened_at timestamptz not null,
    opened_by text collate "C" not null,
    joined bigint not null,
    activated bigint not null,
    primary key (community, wave)
);

create table programme (
    community text collate "C" not null primary key,
    configured_by text collate "C",
    standings jsonb not null,
    told_at timestamptz
);
