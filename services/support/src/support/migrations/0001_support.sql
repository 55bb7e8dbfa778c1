-- Support's own tables. Columns are the fields of their dataclasses (support.state); a test holds one against the other.

-- Threads of the last weeks, and those whose question still matters.
create table thread (
    community text collate "C" not null,
    thread text collate "C" not null,
    until date,
    review date,
    people jsonb not null,
    channel text collate "C",
    opening text collate "C",
    author text collate "C",
    opened_at timestamptz,
    opening_by text collate "C",
    title text collate "C",
    tags jsonb not null,
    url text collate "C",
    gone jsonb not null,
    words jsonb not null,
    taken jsonb not null,
    accepted text collate "C",
    resolved boolean not null,
    accepted_by text collate "C",
    troubled boolean not null,
    question jsonb,
    primary key (community, thread)
);

-- Who asked, for what is said to a person once in a while.
create table asker (
    community text collate "C" not null,
    member text collate "C" not null,
    questions bigint not null,
    first_thread text collate "C",
    told_hours_at timestamptz,
    asked_solved_at timestamptz,
    primary key (community, member)
);

-- When people act.
create table rhythm (
    community text collate "C" not null,
    member text collate "C" not null,
    hours jsonb not null,
    week text collate "C" not null,
    posted boolean not null,
    primary key (community, member)
);

-- How many members were active in an ISO week.
create table week (
    community text collate "C" not null,
    week text collate "C" not null,
    actives bigint not null,
    primary key (community, week)
);

-- Who can help, by skill.
create table helper (
    community text collate "C" not null,
    member text collate "C" not null,
    declared jsonb not null,
    credits jsonb not null,
    proposed jsonb not null,
    refused jsonb not null,
    found jsonb not null,
    asked_at timestamptz,
    silences bigint not null,
    primary key (community, member)
);

-- Who is of the circle.
create table relay (
    community text collate "C" not null,
    member text collate "C" not null,
    standing text collate "C" not null,
    origin text collate "C" not null,
    until timestamptz,
    request text collate "C",
    primary key (community, member)
);

-- Which relays are paired with whom.
create table pairing (
    community text collate "C" not null,
    newcomer text collate "C" not null,
    relays jsonb not null,
    primary key (community, newcomer)
);

-- Solved threads that may be suggested.
create table solved (
    community text collate "C" not null,
    thread text collate "C" not null,
    member text collate "C" not null,
    channel text collate "C" not null,
    title text collate "C" not null,
    url text collate "C",
    terms jsonb not null,
    solved_at timestamptz not null,
    solved_by text collate "C" not null,
    suggested bigint not null,
    helped bigint not null,
    not_helped bigint not null,
    primary key (community, thread)
);

-- The inverted index over them.
create table term (
    community text collate "C" not null,
    term text collate "C" not null,
    threads jsonb not null,
    primary key (community, term)
);

-- How many there are, and what suggestions came to.
create table library (
    community text collate "C" not null,
    threads bigint not null,
    suggested bigint not null,
    helped bigint not null,
    not_helped bigint not null,
    primary key (community)
);

-- First answers of a month, by who gave them.
create table share (
    community text collate "C" not null,
    month text collate "C" not null,
    members bigint not null,
    relays bigint not null,
    staff bigint not null,
    primary key (community, month)
);

-- Complaints by subject.
create table outcry (
    community text collate "C" not null,
    subject text collate "C" not null,
    recent jsonb not null,
    hours jsonb not null,
    people jsonb not null,
    calm_until timestamptz,
    until date not null,
    primary key (community, subject)
);

-- Crises that are on.
create table crisis (
    community text collate "C" not null,
    crisis text collate "C" not null,
    stage text collate "C" not null,
    kind text collate "C" not null,
    about text collate "C" not null,
    since timestamptz not null,
    opened_at timestamptz,
    people jsonb not null,
    gone bigint not null,
    complaints bigint not null,
    needed bigint not null,
    needed_people bigint not null,
    hot_until timestamptz not null,
    evidence jsonb not null,
    proposal text collate "C",
    channel text collate "C",
    thread text collate "C",
    primary key (community, crisis)
);

-- What holds for everybody at the moment.
create table climate (
    community text collate "C" not null,
    crises jsonb not null,
    purposes jsonb not null,
    primary key (community)
);

-- Decisions of the last 30 days that a human may overrule.
create table said (
    community text collate "C" not null,
    decision text collate "C" not null,
    type text collate "C" not null,
    about text collate "C" not null,
    who text collate "C",
    day date not null,
    primary key (community, decision)
);

create index thread_until on thread (community, until) where until is not null;
create index thread_review on thread (community, review) where review is not null;
create index thread_people on thread using gin (people jsonb_path_ops);
create index rhythm_week on rhythm (community, week);
create index helper_found on helper using gin (found jsonb_path_ops);
create index pairing_relays on pairing using gin (relays jsonb_path_ops);
create index solved_solved_at on solved (community, solved_at, thread);
create index solved_member on solved (community, member);
create index outcry_until on outcry (community, until);
create index outcry_people on outcry using gin (people jsonb_path_ops);
create index said_day on said (community, day);
create index said_who on said (community, who) where who is not null;
