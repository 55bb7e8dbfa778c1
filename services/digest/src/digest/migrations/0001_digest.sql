-- What digest keeps of its own. Columns are the fields of the dataclasses in `state`; a test holds one against the other.
-- Text is compared byte by byte (collate "C"), as Python compares it.

-- Threads spoken in lately, and questions that nobody has answered.
create table thread (
    community text collate "C" not null,
    thread text collate "C" not null,
    ends_on text collate "C" not null,
    opened_on text collate "C",
    opened_at timestamptz,
    opened_by text collate "C",
    author text collate "C",
    post text collate "C",
    channel text collate "C",
    heading text collate "C",
    url text collate "C",
    tags jsonb not null,
    ours boolean not null,
    nature text collate "C" not null,
    posts bigint not null,
    people jsonb not null,
    people_count bigint not null,
    last_at timestamptz,
    last_by text collate "C",
    answered_by text collate "C",
    lost_answer text collate "C",
    open boolean not null,
    late boolean not null,
    shown bigint not null,
    history boolean not null,
    flagged boolean not null,
    closed boolean not null,
    gone jsonb not null,
    primary key (community, thread)
);

create table follow (
    community text collate "C" not null,
    member text collate "C" not null,
    thread text collate "C" not null,
    primary key (community, member, thread)
);

-- What was written on a local day.
create table day (
    community text collate "C" not null,
    day text collate "C" not null,
    threads bigint not null,
    hours jsonb not null,
    first_by text collate "C",
    last_by text collate "C",
    posts bigint not null,
    promotional bigint not null,
    promoted_first text collate "C",
    promoted_last text collate "C",
    answered bigint not null,
    post_by text collate "C",
    primary key (community, day)
);

create table news (
    community text collate "C" not null,
    news text collate "C" not null,
    title text collate "C" not null,
    url text collate "C" not null,
    subject text collate "C",
    found_at timestamptz not null,
    found_by text collate "C" not null,
    primary key (community, news)
);

create table prompt_use (
    community text collate "C" not null,
    prompt text collate "C" not null,
    used_at timestamptz not null,
    times_poor bigint not null,
    retired boolean not null,
    lasting boolean not null,
    primary key (community, prompt)
);

create table floor (
    community text collate "C" not null,
    offer jsonb,
    chosen jsonb,
    last jsonb,
    said jsonb not null,
    primary key (community)
);

create table climate (
    community text collate "C" not null,
    crises jsonb not null,
    purposes jsonb not null,
    heard_by text collate "C",
    spoken boolean not null,
    promotion_at timestamptz,
    meetup_at timestamptz,
    meetup text collate "C",
    month text collate "C",
    drafted_at timestamptz,
    primary key (community)
);

create table arrival (
    community text collate "C" not null,
    member text collate "C" not null,
    ends_on date not null,
    joined_at timestamptz not null,
    joined_by text collate "C" not null,
    introduced text collate "C",
    primary key (community, member)
);

create table thanked (
    community text collate "C" not null,
    member text collate "C" not null,
    ends_on date not null,
    at timestamptz not null,
    by text collate "C" not null,
    round text collate "C" not null,
    place bigint not null,
    kind text collate "C" not null,
    title text collate "C",
    thread text collate "C",
    primary key (community, member)
);

create table editor (
    community text collate "C" not null,
    member text collate "C" not null,
    stratum bigint not null,
    told_by text collate "C" not null,
    asked_at timestamptz,
    primary key (community, member)
);

-- The synthesis that is being made.
create table synthesis (
    community text collate "C" not null,
    synthesis text collate "C" not null,
    week text collate "C" not null,
    publishes_at timestamptz not null,
    drafted text collate "C" not null,
    sections jsonb not null,
    solved bigint not null,
    editor text collate "C",
    asked jsonb not null,
    asked_by text collate "C",
    accepted boolean not null,
    text text collate "C",
    edited_by text collate "C",
    edited text collate "C",
    prompt jsonb,
    stopped boolean not null,
    primary key (community)
);

create table reader (
    community text collate "C" not null,
    member text collate "C" not null,
    last_at timestamptz not null,
    last_by text collate "C" not null,
    sent_at timestamptz,
    primary key (community, member)
);

create table feedback (
    community text collate "C" not null,
    feedback text collate "C" not null,
    submitted_at timestamptz not null,
    submitted_by text collate "C" not null,
    member text collate "C",
    title text collate "C",
    quotable boolean not null,
    outcome text collate "C",
    why text collate "C",
    answered_at timestamptz,
    answered_by text collate "C",
    overdue text collate "C",
    primary key (community, feedback)
);

create table promise (
    community text collate "C" not null,
    promise text collate "C" not null,
    by text collate "C" not null,
    what text collate "C" not null,
    due timestamptz not null,
    made_by text collate "C" not null,
    kept_at timestamptz,
    kept_by text collate "C",
    late_by text collate "C",
    told text collate "C" not null,
    primary key (community, promise)
);

create table meetup (
    community text collate "C" not null,
    meetup text collate "C" not null,
    ends_on date not null,
    title text collate "C",
    at timestamptz,
    channel text collate "C",
    host text collate "C",
    planned_by text collate "C" not null,
    held_by text collate "C",
    registered jsonb not null,
    registered_count bigint not null,
    attended jsonb not null,
    attended_count bigint not null,
    came_count bigint not null,
    collected_on date,
    told boolean not null,
    primary key (community, meetup)
);

create table subject (
    community text collate "C" not null,
    subject text collate "C" not null,
    month text collate "C" not null,
    kind text collate "C" not null,
    count bigint not null,
    threads jsonb not null,
    by jsonb not null,
    primary key (community, month, kind, subject)
);

-- What the manager's morning note has to say.
create table note (
    community text collate "C" not null,
    note text collate "C" not null,
    slot text collate "C" not null,
    kind text collate "C" not null,
    about text collate "C" not null,
    by text collate "C" not null,
    since timestamptz not null,
    ends_on date not null,
    weight bigint not null,
    member text collate "C",
    title text collate "C",
    count bigint not null,
    total bigint not null,
    at timestamptz,
    told boolean not null,
    primary key (community, note)
);

create table brief (
    community text collate "C" not null,
    day text collate "C" not null,
    decision text collate "C" not null,
    waiting jsonb not null,
    primary key (community)
);

create table hush (
    community text collate "C" not null,
    source text collate "C" not null,
    since timestamptz not null,
    decision text collate "C" not null,
    primary key (community, source)
);

create index thread_ending on thread (community, ends_on);
create index thread_opened on thread (community, opened_on) where author is not null and not ours;
create index thread_open on thread (community, late desc, shown, opened_at, thread) where open and nature = 'question';
create index thread_tags on thread using gin (tags jsonb_path_ops);
create index thread_people on thread using gin (people jsonb_path_ops);
create index thread_author on thread (community, author);
create index thread_answered_by on thread (community, answered_by) where answered_by is not null;
create index follow_thread on follow (community, thread);
create index feedback_open on feedback (community, submitted_at) where outcome is null;
create index feedback_member on feedback (community, member);
create index note_slot on note (community, slot, weight, since, note);
create index note_about on note (community, about);
create index note_member on note (community, member) where member is not null;
