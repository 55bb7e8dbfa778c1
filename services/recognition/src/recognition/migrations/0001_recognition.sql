-- What recognition knows: one table per dataclass of `recognition.state` and `recognition.state_circle`; the
-- indexes are those of the selections in `recognition.store`. Text is compared byte by byte, as Python does.

-- The points ledger: a line is written once, names its event, and is only ever followed by another that settles it.
create table ledger (
    community text collate "C" not null,
    line text collate "C" not null,
    member text collate "C" not null,
    act text collate "C" not null,
    hundredths bigint not null,
    day date not null,
    written_at timestamptz not null,
    event text collate "C" not null,
    post text collate "C",
    giver text collate "C",
    mark text collate "C",
    settles text collate "C",
    primary key (community, line)
);
create index ledger_member on ledger (community, member, written_at);
create index ledger_post on ledger (community, post) where post is not null;
create index ledger_giver on ledger (community, giver) where giver is not null;

-- What somebody did and got lately, day by day.
create table activity (
    community text collate "C" not null,
    member text collate "C" not null,
    last_at timestamptz,
    last_by text collate "C" not null,
    week text collate "C" not null,
    days jsonb not null,
    threads jsonb not null,
    texts jsonb not null,
    primary key (community, member)
);
create index activity_week on activity (community, week);

-- Points, exact: one whole number per day modulo the half-life.
create table account (
    community text collate "C" not null,
    member text collate "C" not null,
    half_life bigint not null,
    base bigint not null,
    phases jsonb not null,
    primary key (community, member)
);

-- Where somebody stands, and on which day time alone may change it.
create table standing (
    community text collate "C" not null,
    member text collate "C" not null,
    stratum bigint not null,
    since timestamptz not null,
    moved_at timestamptz,
    grace_from date,
    locked boolean not null,
    holding_since timestamptz,
    look_on date,
    first_post_on date,
    first_post_by text collate "C" not null,
    last_by text collate "C" not null,
    accepted bigint not null,
    milestones jsonb not null,
    sanction_ends timestamptz,
    greeted boolean not null,
    greeting jsonb,
    referred boolean not null,
    faded_on date,
    primary key (community, member)
);
create index standing_look_on on standing (community, look_on) where look_on is not null;
create index standing_stratum on standing (community, stratum) where stratum > 0;

-- What somebody gives: kudos of the week, reactions of the last minute.
create table giver (
    community text collate "C" not null,
    member text collate "C" not null,
    week text collate "C" not null,
    kudos bigint not null,
    recent jsonb not null,
    primary key (community, member)
);

-- What one person gave another lately.
create table pair (
    community text collate "C" not null,
    receiver text collate "C" not null,
    giver text collate "C" not null,
    touched_on date not null,
    times jsonb not null,
    days jsonb not null,
    first_by text collate "C" not null,
    last_by text collate "C" not null,
    heard bigint not null,
    suspicion text collate "C",
    verdict text collate "C",
    until date,
    primary key (community, receiver, giver)
);
create index pair_giver on pair (community, giver);
create index pair_touched_on on pair (community, touched_on);

-- Posts of the last months: whose they are.
create table post (
    community text collate "C" not null,
    post text collate "C" not null,
    thread text collate "C" not null,
    touched_on date not null,
    member text collate "C",
    by text collate "C" not null,
    at timestamptz,
    day bigint not null,
    reply_to text collate "C",
    characters bigint not null,
    replies boolean not null,
    early boolean not null,
    fresh boolean not null,
    counts boolean not null,
    gone boolean not null,
    accepted_at timestamptz,
    withdrawn_at timestamptz,
    waiting jsonb not null,
    url text collate "C",
    primary key (community, post)
);
create index post_touched_on on post (community, touched_on);
create index post_member on post (community, member);
create index post_url on post (community, url) where url is not null;
create index post_waiting on post (community) where waiting <> '[]';

-- Threads of the last months: who opened them, who replied.
create table thread (
    community text collate "C" not null,
    thread text collate "C" not null,
    touched_on date not null,
    author text collate "C",
    post text collate "C",
    channel text collate "C",
    title text collate "C",
    question boolean not null,
    quotable boolean not null,
    counts boolean not null,
    solved boolean not null,
    others jsonb not null,
    heard bigint not null,
    early jsonb not null,
    links jsonb not null,
    skills jsonb not null,
    primary key (community, thread)
);
create index thread_touched_on on thread (community, touched_on);
create index thread_author on thread (community, author);
create index thread_others on thread using gin (others);
create index thread_early on thread (community) where early <> '[]';

-- What somebody does for the others: roles, deeds, skills shown.
create table contribution (
    community text collate "C" not null,
    member text collate "C" not null,
    parts jsonb not null,
    deeds jsonb not null,
    learnt jsonb not null,
    thanked_on date,
    chosen_on date,
    primary key (community, member)
);

-- What became of somebody's help since they were last told.
create table help (
    community text collate "C" not null,
    member text collate "C" not null,
    became jsonb not null,
    primary key (community, member)
);

-- Two people who give each other most of what they get, until a human has judged.
create table suspicion (
    community text collate "C" not null,
    suspicion text collate "C" not null,
    first text collate "C" not null,
    second text collate "C" not null,
    opened_on date not null,
    decision text collate "C" not null,
    held jsonb not null,
    primary key (community, suspicion)
);
create index suspicion_first on suspicion (community, first);
create index suspicion_second on suspicion (community, second);

-- Somebody proposed for the circle.
create table candidate (
    community text collate "C" not null,
    member text collate "C" not null,
    state text collate "C" not null,
    touched_on date not null,
    founding boolean not null,
    nominations jsonb not null,
    invited_by text collate "C",
    said_by text collate "C",
    expires_at timestamptz,
    heard boolean not null,
    primary key (community, member)
);

-- The circle.
create table relay (
    community text collate "C" not null,
    member text collate "C" not null,
    origin text collate "C" not null,
    since timestamptz not null,
    appointed_by text collate "C" not null,
    until timestamptz,
    carried boolean not null,
    resting boolean not null,
    rest_until timestamptz,
    asked_rest_on date,
    asked_human_on date,
    primary key (community, member)
);

-- Perks that somebody of the circle has, or had in this stay.
create table perk_grant (
    community text collate "C" not null,
    perk text collate "C" not null,
    member text collate "C" not null,
    name text collate "C" not null,
    decision text collate "C" not null,
    ends_at timestamptz,
    ended boolean not null,
    primary key (community, perk, member)
);
create index perk_grant_member on perk_grant (community, member);

-- Tasks, and turns of duties.
create table task (
    community text collate "C" not null,
    task text collate "C" not null,
    title text collate "C" not null,
    touched_on date not null,
    by text collate "C" not null,
    skills jsonb not null,
    due timestamptz,
    duty text collate "C",
    state text collate "C" not null,
    member text collate "C",
    tried jsonb not null,
    decision text collate "C",
    primary key (community, task)
);
create index task_state on task (community, state);
create index task_member on task (community, member);
create index task_touched_on on task (community, touched_on);

-- The relays ever paired with somebody.
create table paired (
    community text collate "C" not null,
    member text collate "C" not null,
    relays jsonb not null,
    by text collate "C" not null,
    primary key (community, member)
);
create index paired_relays on paired using gin (relays);

-- Feedback without an outcome.
create table feedback (
    community text collate "C" not null,
    feedback text collate "C" not null,
    member text collate "C" not null,
    touched_on date not null,
    title text collate "C",
    primary key (community, feedback)
);
create index feedback_member on feedback (community, member);
create index feedback_touched_on on feedback (community, touched_on);

-- Meet-ups, and whom they were counted for.
create table meetup (
    community text collate "C" not null,
    meetup text collate "C" not null,
    touched_on date not null,
    title text collate "C",
    host text collate "C",
    came jsonb not null,
    primary key (community, meetup)
);
create index meetup_touched_on on meetup (community, touched_on);
create index meetup_came on meetup using gin (came);
create index meetup_host on meetup (community, host);

-- Other ids of one person.
create table same_person (
    community text collate "C" not null,
    member text collate "C" not null,
    others jsonb not null,
    primary key (community, member)
);

-- Decisions that a human may overrule.
create table said (
    community text collate "C" not null,
    decision text collate "C" not null,
    type text collate "C" not null,
    about text collate "C" not null,
    touched_on date,
    key text collate "C" not null,
    primary key (community, decision)
);
create index said_touched_on on said (community, touched_on);
create index said_about on said (community, about);

-- Rounds of weekly thanks, and what humans changed of them.
create table round (
    community text collate "C" not null,
    thanks text collate "C" not null,
    touched_on date not null,
    people jsonb not null,
    drafted boolean not null,
    edits jsonb not null,
    moved boolean not null,
    said boolean not null,
    primary key (community, thanks)
);

-- What holds for the community as a whole.
create table book (
    community text collate "C" not null,
    looked_on date,
    swept_to date,
    month text collate "C" not null,
    actives bigint not null,
    last_actives bigint not null,
    seats bigint not null,
    crises jsonb not null,
    unable jsonb not null,
    able jsonb not null,
    purposes jsonb not null,
    fading bigint not null,
    fading_by jsonb not null,
    version text collate "C" not null,
    configured_by text collate "C" not null,
    perks_free boolean not null,
    thanked jsonb not null,
    primary key (community)
);
